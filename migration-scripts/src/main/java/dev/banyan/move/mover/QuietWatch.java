package dev.banyan.move.mover;

import dev.banyan.move.database.Sql;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;

/** Sees whether anybody still uses the monolith's former tables, by PostgreSQL's own statistics. */
final class QuietWatch {

  /** Scans and changed rows since the server's statistics began. */
  private record Use(long reads, long writes) {}

  private static final String USE = """
      select coalesce(sum(coalesce(seq_scan, 0) + coalesce(idx_scan, 0)), 0), coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)
      from pg_stat_all_tables where relid in (
        select p.relid from unnest(array[%s]::text[]) m(name)
        cross join lateral (select to_regclass(m.name) as relid union select relid from pg_partition_tree(to_regclass(m.name))) p)""";
  // Whoever ends, ours among them, reports what it has done a moment later.
  private static final Duration CALM_FOR = Duration.ofSeconds(1);
  private static final Duration CALM_WITHIN = Duration.ofSeconds(5);
  // A session that is idle reports up to 10 s later what it did while the monolith still owned.
  private static final Duration REPORTED_WITHIN = Duration.ofSeconds(11);
  private static final long POLL_MILLIS = 100;

  private final Workspace space;

  QuietWatch(Workspace space) {
    this.space = space;
  }

  /** Watches for so long; returns what was seen, empty where it was nothing. */
  Optional<String> watch(Duration quietFor) throws InterruptedException {
    if (quietFor.isZero()) {
      return Optional.empty();
    }
    Use before = calm();
    long end = System.nanoTime() + quietFor.toNanos();
    while (System.nanoTime() < end) {
      Thread.sleep(POLL_MILLIS);
      Use now = use();
      if (!now.equals(before)) {
        return Optional.of("%d reads and %d written rows within %d ms".formatted(now.reads() - before.reads(),
            now.writes() - before.writes(), quietFor.toMillis() - (end - System.nanoTime()) / 1_000_000));
      }
    }
    return Optional.empty();
  }

  private Use calm() throws InterruptedException {
    Duration owned = space.control().sinceDecided(space.module()).orElse(REPORTED_WITHIN);
    long begun = System.nanoTime() + Math.max(0, REPORTED_WITHIN.minus(owned).toNanos());
    Use last = use();
    long since = System.nanoTime();
    while (System.nanoTime() - begun < 0
        || System.nanoTime() - since < CALM_FOR.toNanos() && System.nanoTime() - begun < CALM_WITHIN.toNanos()) {
      Thread.sleep(POLL_MILLIS);
      Use now = use();
      if (!now.equals(last)) {
        last = now;
        since = System.nanoTime();
      }
    }
    return last;
  }

  private Use use() {
    String names = space.plan().tables().stream().map(table -> Sql.literal(table.source().sql())).collect(Collectors.joining(", "));
    return space.monolith().jdbi().withHandle(handle -> handle.createQuery(USE.formatted(names))
        .map((row, context) -> new Use(row.getLong(1), row.getLong(2))).one());
  }
}
