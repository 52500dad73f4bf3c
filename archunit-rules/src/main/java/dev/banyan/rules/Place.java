package dev.banyan.rules;

import java.util.Optional;

/**
 * Where something stands that touches a table.
 *
 * @param module the module it belongs to
 * @param location class and member, or file
 * @param source file and line, in the form of a stack trace, which frozen rules compare without the line
 * @param line 0 if unknown
 * @param kind what says so
 * @param shown the statement, shortened
 */
record Place(Optional<String> module, String location, String source, int line, Finding.Kind kind, String shown) {}
