package dev.banyan.rules;

import dev.banyan.rules.sql.TableName;
import java.util.Set;

/**
 * What one method does in one transaction, itself and through what it calls.
 *
 * @param location class and method that begin it
 * @param tables what is touched in it
 */
public record Transaction(String location, Set<TableName> tables) {

  /** Copies the tables. */
  public Transaction {
    tables = Set.copyOf(tables);
  }

  /** Returns the class. */
  public String unit() {
    return Member.unit(location);
  }
}
