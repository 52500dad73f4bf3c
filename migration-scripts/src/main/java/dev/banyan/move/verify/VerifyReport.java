package dev.banyan.move.verify;

import dev.banyan.move.database.Lsn;
import java.util.List;

/**
 * The outcome of a verification.
 *
 * @param position position of the owner's log at which both sides were compared
 * @param tables one result for each moved table
 */
public record VerifyReport(Lsn position, List<TableResult> tables) {

  /** Tells whether every row of every table was equal. */
  public boolean isEqual() {
    return tables.stream().allMatch(TableResult::isEqual);
  }

  /** Returns the number of rows that were compared. */
  public long rows() {
    return tables.stream().mapToLong(TableResult::rows).sum();
  }
}
