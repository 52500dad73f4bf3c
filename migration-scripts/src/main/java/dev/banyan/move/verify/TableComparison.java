package dev.banyan.move.verify;

import dev.banyan.move.database.TableFlow;
import dev.banyan.move.verify.RowDifference.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;

/**
 * Compares all rows of one table on two snapshots. First each side adds up the hashes of its rows, part by part and
 * several parts at once; that is all where both are equal. Where they are not, each side adds up again in buckets of
 * keys, and the rows of the buckets that differ are merged one by one. The order of keys is that of their hashes, so that
 * collations do not matter.
 */
final class TableComparison {

  private static final int BUCKETS = 1024;
  private static final String BLOCKS = "select pg_relation_size(?::regclass) / current_setting('block_size')::int";

  private final TableFlow table;
  private final Pin pin;
  private final RowSql ours;
  private final RowSql theirs;
  private final VerifyProgress progress;
  private final Findings findings = new Findings();
  private List<Future<Sum>> sumsHere = List.of();
  private List<Future<Sum>> sumsThere = List.of();

  TableComparison(TableFlow table, Pin pin, VerifyProgress progress) throws SQLException {
    this.table = table;
    this.pin = pin;
    this.ours = new RowSql(table, true, pin.hasOneVersion());
    this.theirs = new RowSql(table, false, pin.hasOneVersion());
    this.progress = progress;
  }

  /** Begins to add up; the table's turn comes when connections are free. */
  void begin() throws SQLException, InterruptedException {
    sumsHere = sums(pin.ours(), ours, progress);
    sumsThere = sums(pin.theirs(), theirs, VerifyProgress.NONE);
  }

  /** Waits until it is done. */
  TableResult finish() throws SQLException, InterruptedException {
    Sum here = total(sumsHere);
    if (!here.equals(total(sumsThere))) {
      narrow();
    }
    progress.ended();
    return TableResult.of(table.source().toString(), here.rows(), findings, here.hash().toString(16));
  }

  private static List<Future<Sum>> sums(SideSnapshot side, RowSql sql, VerifyProgress progress)
      throws SQLException, InterruptedException {
    return ranges(side, sql).stream().map(range -> side.ask(connection -> {
      Sum sum = sum(connection, sql.sums(range));
      progress.compared(sum.rows());
      return sum;
    })).toList();
  }

  private static List<BlockRange> ranges(SideSnapshot side, RowSql sql) throws SQLException, InterruptedException {
    return BlockRange.of(SideSnapshot.join(side.ask(connection -> {
      try (var statement = connection.prepareStatement(BLOCKS)) {
        statement.setString(1, sql.name().sql());
        ResultSet row = statement.executeQuery();
        row.next();
        return row.getLong(1);
      }
    })));
  }

  private static Sum sum(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return Sum.read(row, 1);
    }
  }

  private static Sum total(List<Future<Sum>> parts) throws SQLException, InterruptedException {
    Sum total = Sum.NONE;
    for (Future<Sum> part : parts) {
      total = total.plus(SideSnapshot.join(part));
    }
    return total;
  }

  private void narrow() throws SQLException, InterruptedException {
    List<Future<Map<Integer, Sum>>> sumsOfOwner = buckets(pin.ours(), ours);
    List<Future<Map<Integer, Sum>>> sumsOfOther = buckets(pin.theirs(), theirs);
    Integer[] differing = differing(merged(sumsOfOwner), merged(sumsOfOther));
    pin.ask((here, there) -> merge(here, there, differing));
    if (findings.kept().isEmpty()) {
      throw new IllegalStateException("Both sides of %s add up to different sums, and no row differs".formatted(table.source()));
    }
  }

  private static List<Future<Map<Integer, Sum>>> buckets(SideSnapshot side, RowSql sql) throws SQLException, InterruptedException {
    return ranges(side, sql).stream().map(range -> side.ask(connection -> buckets(connection, sql.buckets(range, BUCKETS)))).toList();
  }

  private static Map<Integer, Sum> buckets(Connection connection, String sql) throws SQLException {
    Map<Integer, Sum> buckets = new HashMap<>();
    try (var statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        buckets.put(row.getInt(1), Sum.read(row, 2));
      }
    }
    return buckets;
  }

  private static Map<Integer, Sum> merged(List<Future<Map<Integer, Sum>>> parts) throws SQLException, InterruptedException {
    Map<Integer, Sum> merged = new HashMap<>();
    for (Future<Map<Integer, Sum>> part : parts) {
      SideSnapshot.join(part).forEach((bucket, sum) -> merged.merge(bucket, sum, Sum::plus));
    }
    return merged;
  }

  private static Integer[] differing(Map<Integer, Sum> here, Map<Integer, Sum> there) {
    Set<Integer> all = new HashSet<>(here.keySet());
    all.addAll(there.keySet());
    return all.stream()
        .filter(bucket -> !Objects.equals(here.get(bucket), there.get(bucket)))
        .toArray(Integer[]::new);
  }

  private int merge(Connection owner, Connection other, Integer[] buckets) throws SQLException {
    try (Rows here = new Rows(owner, ours.rows(BUCKETS), buckets); Rows there = new Rows(other, theirs.rows(BUCKETS), buckets)) {
      while (here.isThere() || there.isThere()) {
        int order = here.compareTo(there);
        if (order < 0) {
          findings.add(Kind.MISSING, here.key());
        } else if (order > 0) {
          findings.add(Kind.EXTRA, there.key());
        } else if (!here.hasRowOf(there)) {
          findings.add(Kind.DIFFERENT, here.key());
        }
        step(here, there, order);
      }
    }
    return findings.kept().size();
  }

  private static void step(Rows here, Rows there, int order) throws SQLException {
    if (order <= 0) {
      here.next();
    }
    if (order >= 0) {
      there.next();
    }
  }
}
