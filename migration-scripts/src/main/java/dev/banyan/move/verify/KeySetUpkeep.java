package dev.banyan.move.verify;

import dev.banyan.control.client.Owner;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the sets of changed keys small: a key that was written down again and again is kept once, and a set with too many
 * different keys is given up. Nothing here waits for the applier, nor it for this.
 *
 * <p>A set is gone through again only when it has doubled since the last time, so that each key costs a fixed share.
 */
public final class KeySetUpkeep {

  private static final Logger LOG = LoggerFactory.getLogger(KeySetUpkeep.class);
  private static final long WORTHWHILE = 100_000;
  private static final int PAGE_KEYS = 20_000;

  private final KeySets sets;
  private final long mostKeys;
  private final Map<String, Long> lastDistinct = new HashMap<>();

  /** Creates the upkeep of a move's sets. */
  public KeySetUpkeep(KeySets sets) {
    this(sets, KeySets.MOST_KEYS);
  }

  KeySetUpkeep(KeySets sets, long mostKeys) {
    this.sets = sets;
    this.mostKeys = mostKeys;
  }

  /** Goes through the sets of one side; returns whether one of them was given up. */
  public boolean run(Owner side) {
    boolean lost = false;
    for (Map.Entry<String, KeySet> entry : sets.on(side).entrySet()) {
      String table = entry.getKey();
      long allowed = Math.min(mostKeys, WORTHWHILE) + 2 * lastDistinct.getOrDefault(side + table, 0L);
      if (entry.getValue().isIntact() && entry.getValue().keys() > allowed) {
        long distinct = compact(side, table);
        lastDistinct.put(side + table, distinct);
        lost |= giveUpBeyondMost(side, table, distinct);
      }
    }
    return lost;
  }

  private boolean giveUpBeyondMost(Owner side, String table, long distinct) {
    if (distinct <= mostKeys) {
      return false;
    }
    LOG.info("more than {} keys of {} have changed since its certificate; they are no longer kept", mostKeys, table);
    sets.lose(side, table, "more than %,d keys have changed".formatted(mostKeys));
    lastDistinct.remove(side + table);
    return true;
  }

  /** Rewrites the pages that are committed by now, each key once; returns the number of keys. */
  private long compact(Owner side, String table) {
    return sets.database(side).jdbi().inTransaction(handle -> {
      int columns = columns(handle, table);
      return columns == 0 ? 0L : handle.createQuery(statement(columns)).bind("module", sets.module()).bind("table", table)
          .bind("page", PAGE_KEYS).mapTo(Long.class).one();
    });
  }

  private int columns(Handle handle, String table) {
    return handle.createQuery("""
            select cardinality(keys) / count from banyan.changed_keys
            where module = :module and name = :table and keys is not null limit 1""")
        .bind("module", sets.module()).bind("table", table).mapTo(Integer.class).findOne().orElse(0);
  }

  private static String statement(int columns) {
    List<String> names = IntStream.range(0, columns).mapToObj(i -> "k" + i).toList();
    String list = String.join(", ", names);
    return """
        with gone as (
          delete from banyan.changed_keys where module = :module and name = :table and keys is not null returning keys, count),
        once as (
          select %1$s, row_number() over () / :page as page
          from (select distinct %1$s from gone, %2$s) d),
        written as (
          insert into banyan.changed_keys (module, name, keys, count)
          select :module, :table, %3$s, count(*) from once group by page returning count)
        select coalesce(sum(count), 0)::bigint from written""".formatted(list, unnested(columns),
        names.stream().map("array_agg(%s)"::formatted).collect(Collectors.joining(" || ")));
  }

  /** Returns the keys of pages as rows {@code k0, k1 …}. */
  static String unnested(int columns) {
    return IntStream.range(0, columns).mapToObj(i -> "keys[%1$d * count + 1 : %1$d * count + count]".formatted(i))
        .collect(Collectors.joining(", ", "unnest(", ")"))
        + IntStream.range(0, columns).mapToObj(i -> "k" + i).collect(Collectors.joining(", ", " as u(", ")"));
  }
}
