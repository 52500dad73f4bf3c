package dev.banyan.rules.migration;

import dev.banyan.rules.sql.Reading;
import dev.banyan.rules.sql.TableUse;
import java.util.function.Predicate;

/**
 * What a migration does at one place.
 *
 * @param shown the statement, or the element of a changelog
 * @param line where it begins, from 1; the lines of its uses count from here
 * @param reading what it touches
 * @param takesBack whether it is only run where another step is taken back
 */
public record Step(String shown, int line, Reading reading, boolean takesBack) {

  /** Creates a step that is run. */
  public Step(String shown, int line, Reading reading) {
    this(shown, line, reading, false);
  }

  /** Returns the step without what it does to some tables. */
  public Step without(Predicate<TableUse> uses) {
    return new Step(shown, line, reading.without(uses), takesBack);
  }
}
