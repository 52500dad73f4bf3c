package dev.banyan.rules;

import java.util.Optional;

/**
 * A statement of which it cannot be told which tables, or whose, it means.
 *
 * @param module the module that has it; empty if the class belongs to none
 * @param location class and member
 * @param line 0 if unknown
 * @param statement the text, shortened
 * @param reason what is missing
 */
public record Unknown(Optional<String> module, String location, int line, String statement, String reason) {}
