package dev.banyan.rules.bytecode;

import java.util.Optional;

/**
 * A string that a class carries or puts together.
 *
 * @param value with {@link dev.banyan.rules.sql.TableName#HOLE} where something is put in at run time
 * @param where the member, as a reader finds it
 * @param line where it begins; 0 if the class file does not say
 * @param meaning what it is taken for
 * @param ofOther what another class holds of it, with holes for what this one has handed over; empty if all is this one's
 * @param home the class that gave it back as it is, and carries it as well
 */
public record Text(String value, String where, int line, Meaning meaning, Optional<String> ofOther, Optional<String> home) {

  /** Creates a text that one class has put together alone. */
  public Text(String value, String where, int line, Meaning meaning) {
    this(value, where, line, meaning, Optional.empty(), Optional.empty());
  }
}
