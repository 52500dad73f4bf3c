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
public record Unknown(Optional<String> module, String location, int line, String statement, String reason) {

  /** Returns it as a sentence. The place has the form of a stack trace, which frozen rules compare without the line. */
  public String message() {
    String unit = Member.unit(location);
    String file = unit.contains("/") ? unit.substring(unit.lastIndexOf('/') + 1) : unit.substring(unit.lastIndexOf('.') + 1).replaceAll("\\$.*", "") + ".java";
    return "Not known in %s (%s:%d): %s: %s.".formatted(location, file, line, statement, reason);
  }
}
