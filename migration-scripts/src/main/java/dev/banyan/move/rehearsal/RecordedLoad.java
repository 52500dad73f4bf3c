package dev.banyan.move.rehearsal;

import dev.banyan.move.database.TableName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the monolith's statistics counted while they were watched.
 *
 * @param watched for how long
 * @param tables what was written, by table
 * @param transactions what was committed in the whole database
 */
record RecordedLoad(Duration watched, Map<TableName, Written> tables, long transactions) {

  /**
   * Rows that were written.
   *
   * @param inserted rows that came
   * @param updated rows that changed
   * @param deleted rows that went
   */
  record Written(long inserted, long updated, long deleted) {

    Written minus(Written before) {
      return new Written(Math.max(0, inserted - before.inserted), Math.max(0, updated - before.updated), Math.max(0, deleted - before.deleted));
    }

    long rows() {
      return inserted + updated + deleted;
    }

    /** Returns how many times a row is deleted and inserted again for those that came and those that went. */
    double replacements() {
      return (inserted + deleted) / 2.0;
    }
  }

  /** Returns how many writes a second stand for it when it is replayed. */
  double writesPerSecond() {
    return perSecond(tables.values().stream().mapToDouble(written -> written.updated() + written.replacements()).sum());
  }

  /** Returns how many transactions were committed in a second. */
  double transactionsPerSecond() {
    return perSecond(transactions);
  }

  private double perSecond(double count) {
    return watched.isZero() ? 0 : count * 1000.0 / watched.toMillis();
  }

  /** Returns what is told of it, by table; rows in a second. */
  Map<String, Object> asMap() {
    Map<String, Object> described = new LinkedHashMap<>();
    tables.forEach((table, written) -> described.put(table.toString(), Map.of("inserted", rounded(written.inserted()),
        "updated", rounded(written.updated()), "deleted", rounded(written.deleted()))));
    return described;
  }

  private double rounded(long count) {
    return Math.round(perSecond(count) * 10) / 10.0;
  }
}
