package dev.banyan.rules;

import dev.banyan.rules.sql.Access;
import dev.banyan.rules.sql.TableName;

/**
 * One table that one place touches, whoever owns it.
 *
 * @param kind what says so
 * @param location class and member, or file
 * @param line 0 if unknown
 * @param statement the text, shortened; touches of one statement share location, line and text
 * @param table as it is named there
 * @param access what is done to it
 */
public record Touch(Finding.Kind kind, String location, int line, String statement, TableName table, Access access) {

  /** Returns the class, or the file. */
  public String unit() {
    return Member.unit(location);
  }
}
