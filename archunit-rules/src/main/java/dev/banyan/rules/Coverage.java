package dev.banyan.rules;

/**
 * How many statements were read, and how far each was understood.
 *
 * @param statements all of them
 * @param understood a parser took the whole statement
 * @param partly holes or another dialect; what is said was read
 * @param unknown a table in it, or all of it, is known only at run time
 */
public record Coverage(int statements, int understood, int partly, int unknown) {

  /** Returns the coverage as a sentence. */
  public String message() {
    return "%,d statements read: %,d understood, %,d in part, %,d not at all.".formatted(statements, understood, partly, unknown);
  }
}
