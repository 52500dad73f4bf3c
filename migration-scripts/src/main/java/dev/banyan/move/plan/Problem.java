package dev.banyan.move.plan;

/**
 * Something wrong in a plan.
 *
 * @param file the plan's file as the user named it
 * @param line the line, counted from 1; 0 where no line can be told
 * @param message what is wrong, and what to do about it
 */
public record Problem(String file, int line, String message) {

  @Override
  public String toString() {
    return line > 0 ? "%s:%d: %s".formatted(file, line, message) : "%s: %s".formatted(file, message);
  }
}
