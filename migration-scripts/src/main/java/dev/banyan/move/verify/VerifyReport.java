package dev.banyan.move.verify;

import dev.banyan.move.database.Lsn;
import java.util.List;

/**
 * The outcome of a verification.
 *
 * @param position position of the owner's log at which both sides were compared
 * @param changedOnly whether only rows were compared that have changed since the certificates
 * @param tables one result for each table that was compared
 */
public record VerifyReport(Lsn position, boolean changedOnly, List<TableResult> tables) {

  /** Tells whether everything that was compared was equal. */
  public boolean isEqual() {
    return tables.stream().allMatch(TableResult::isEqual);
  }

  /** Returns the number of rows that were compared. */
  public long rows() {
    return tables.stream().mapToLong(TableResult::rows).sum();
  }

  /** Returns the number of rows that were not equal. */
  public long differing() {
    return tables.stream().mapToLong(TableResult::differing).sum();
  }
}
