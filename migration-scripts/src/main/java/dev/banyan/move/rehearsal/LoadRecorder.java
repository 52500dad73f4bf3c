package dev.banyan.move.rehearsal;

import dev.banyan.move.database.Database;
import dev.banyan.move.database.TableName;
import dev.banyan.move.rehearsal.RecordedLoad.Written;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Records the load of the moved tables from what the server counts anyway: two queries, and nothing that retains its log
 * or reads its rows. What single writes were is not known, nor how many made a transaction.
 *
 * <p>Source: <a href="https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-TABLES-VIEW">PostgreSQL,
 * pg_stat_all_tables</a>: sessions report what they did once a second at most.
 */
final class LoadRecorder {

  private static final String WRITTEN = """
      select coalesce(sum(n_tup_ins), 0)::bigint, coalesce(sum(n_tup_upd), 0)::bigint, coalesce(sum(n_tup_del), 0)::bigint
      from pg_stat_all_tables where relid in (select to_regclass(:table)::oid union select relid from pg_partition_tree(to_regclass(:table)))""";
  private static final String COMMITTED = "select xact_commit from pg_stat_database where datname = current_database()";

  private record Counted(long nanos, Map<TableName, Written> tables, long transactions) {}

  private final Database monolith;
  private final List<TableName> tables;

  LoadRecorder(Database monolith, List<TableName> tables) {
    this.monolith = monolith;
    this.tables = tables;
  }

  /** Watches for so long. */
  RecordedLoad record(Duration time) throws InterruptedException {
    Counted before = count();
    Thread.sleep(time.toMillis());
    Counted after = count();
    Map<TableName, Written> written = new LinkedHashMap<>();
    after.tables().forEach((table, counted) -> written.put(table, counted.minus(before.tables().getOrDefault(table, counted))));
    return new RecordedLoad(Duration.ofNanos(after.nanos() - before.nanos()), written, Math.max(0, after.transactions() - before.transactions()));
  }

  private Counted count() {
    return monolith.jdbi().withHandle(handle -> {
      Map<TableName, Written> counted = new LinkedHashMap<>();
      for (TableName table : tables) {
        counted.put(table, handle.createQuery(WRITTEN).bind("table", table.sql())
            .map((row, context) -> new Written(row.getLong(1), row.getLong(2), row.getLong(3))).one());
      }
      return new Counted(System.nanoTime(), counted, handle.createQuery(COMMITTED).mapTo(Long.class).one());
    });
  }
}
