package dev.banyan.move.verify;

import dev.banyan.move.database.TableFlow;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Compares one table on two snapshots. First each side adds up the hashes of its rows in buckets of keys, in one pass
 * over the table; then the rows of the buckets that differ are merged one by one. The order of keys is that of their
 * hashes, so that collations do not matter.
 */
final class TableComparison {

  private static final int BUCKETS = 1024;
  private static final int FETCH_ROWS = 5_000;
  private static final int MOST_SAMPLES = 10;

  private final TableFlow table;
  private final Connection owner;
  private final Connection other;
  private final boolean sameVersion;

  private final List<String> samples = new ArrayList<>();
  private long different;
  private long missing;
  private long extra;

  /** What one bucket holds. */
  private record Bucket(long rows, String hash) {}

  TableComparison(TableFlow table, Connection owner, Connection other, boolean sameVersion) {
    this.table = table;
    this.owner = owner;
    this.other = other;
    this.sameVersion = sameVersion;
  }

  TableResult run() throws SQLException {
    FutureTask<Map<Integer, Bucket>> elsewhere = inBackground(() -> buckets(other, hash(false)));
    Map<Integer, Bucket> here = buckets(owner, hash(true));
    Integer[] differing = differing(here, join(elsewhere));
    if (differing.length > 0) {
      merge(differing);
    }
    long rows = here.values().stream().mapToLong(Bucket::rows).sum();
    return new TableResult(table.source().toString(), rows, different, missing, extra, List.copyOf(samples));
  }

  private RowHash hash(boolean source) {
    return new RowHash(table, source, sameVersion);
  }

  private static Map<Integer, Bucket> buckets(Connection side, RowHash hash) throws SQLException {
    Map<Integer, Bucket> buckets = new HashMap<>();
    try (var statement = side.createStatement(); ResultSet row = statement.executeQuery(hash.buckets(BUCKETS))) {
      while (row.next()) {
        buckets.put(row.getInt(1), new Bucket(row.getLong(2), row.getString(3)));
      }
    }
    return buckets;
  }

  private static Integer[] differing(Map<Integer, Bucket> here, Map<Integer, Bucket> there) {
    Set<Integer> all = new HashSet<>(here.keySet());
    all.addAll(there.keySet());
    return all.stream()
        .filter(bucket -> !java.util.Objects.equals(here.get(bucket), there.get(bucket)))
        .toArray(Integer[]::new);
  }

  private void merge(Integer[] buckets) throws SQLException {
    try (var ours = new Rows(owner, hash(true).rows(BUCKETS), buckets);
        var theirs = new Rows(other, hash(false).rows(BUCKETS), buckets)) {
      while (ours.isThere() || theirs.isThere()) {
        int order = ours.compareTo(theirs);
        if (order < 0) {
          missing++;
          sample("missing", ours.key);
          ours.next();
        } else if (order > 0) {
          extra++;
          sample("extra", theirs.key);
          theirs.next();
        } else {
          compare(ours, theirs);
        }
      }
    }
  }

  private void compare(Rows ours, Rows theirs) throws SQLException {
    if (ours.rowHash != theirs.rowHash) {
      different++;
      sample("different", ours.key);
    }
    ours.next();
    theirs.next();
  }

  private void sample(String what, String key) {
    if (samples.size() < MOST_SAMPLES) {
      samples.add(what + " " + masked(key));
    }
  }

  /** Keys of digits, hexadecimal digits and hyphens tell nothing about a person; others may. */
  private static String masked(String key) {
    return key.matches("\\([0-9a-fA-F,-]*\\)") ? key : key.substring(0, Math.min(2, key.length())) + "…)";
  }

  private static FutureTask<Map<Integer, Bucket>> inBackground(Callable<Map<Integer, Bucket>> work) {
    FutureTask<Map<Integer, Bucket>> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "banyan-verify");
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  private static Map<Integer, Bucket> join(FutureTask<Map<Integer, Bucket>> task) throws SQLException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof SQLException cause ? cause : new SQLException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted", e);
    }
  }

  /** The rows of one side, read with a bounded buffer. */
  private static final class Rows implements AutoCloseable {

    private final java.sql.PreparedStatement statement;
    private final ResultSet rows;
    private boolean there;
    private long keyHash;
    private String key = "";
    private long rowHash;

    Rows(Connection side, String sql, Integer[] buckets) throws SQLException {
      statement = side.prepareStatement(sql);
      statement.setFetchSize(FETCH_ROWS);
      statement.setArray(1, side.createArrayOf("int8", buckets));
      rows = statement.executeQuery();
      next();
    }

    boolean isThere() {
      return there;
    }

    void next() throws SQLException {
      there = rows.next();
      if (there) {
        keyHash = rows.getLong(1);
        key = rows.getString(2);
        rowHash = rows.getLong(3);
      }
    }

    /** A side that has ended comes last. */
    int compareTo(Rows others) {
      if (there != others.there) {
        return there ? -1 : 1;
      }
      int order = Long.compare(keyHash, others.keyHash);
      return order != 0 ? order : key.compareTo(others.key);
    }

    @Override
    public void close() throws SQLException {
      statement.close();
    }
  }
}
