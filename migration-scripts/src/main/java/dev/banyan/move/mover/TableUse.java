package dev.banyan.move.mover;

import dev.banyan.move.database.Sql;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How much the monolith's tables of a plan were used, with their partitions.
 *
 * <p>Source: <a href="https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-TABLES-VIEW">PostgreSQL,
 * pg_stat_all_tables</a>; a session tells of its use once a second, and up to 10 s later where it is idle.
 *
 * @param reads scans, of an index or of everything
 * @param writes rows inserted, updated and deleted
 */
record TableUse(long reads, long writes) {

  private static final String QUERY = """
      select coalesce(sum(coalesce(seq_scan, 0) + coalesce(idx_scan, 0)), 0), coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)
      from pg_stat_all_tables where relid in (
        select p.relid from unnest(array[%s]::text[]) m(name)
        cross join lateral (select to_regclass(m.name) as relid union select relid from pg_partition_tree(to_regclass(m.name))) p)""";

  /** Returns what was counted since the server's statistics began. */
  static TableUse of(Workspace space) {
    String names = space.plan().tables().stream().map(table -> Sql.literal(table.source().sql())).collect(Collectors.joining(", "));
    return space.monolith().jdbi().withHandle(handle -> handle.createQuery(QUERY.formatted(names))
        .map((row, context) -> new TableUse(row.getLong(1), row.getLong(2))).one());
  }

  /** Returns what was counted after an earlier count. */
  TableUse since(TableUse before) {
    return new TableUse(reads - before.reads, writes - before.writes);
  }

  /** Tells whether the server has begun to count anew after the count that this one is {@link #since since}. */
  boolean isBegunAnew() {
    return reads < 0 || writes < 0;
  }

  Map<String, Long> asMap() {
    return Map.of("reads", reads, "writes", writes);
  }

  @Override
  public String toString() {
    return "%,d reads and %,d written rows".formatted(reads, writes);
  }
}
