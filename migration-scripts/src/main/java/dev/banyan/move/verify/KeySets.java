package dev.banyan.move.verify;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.SideEpoch;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/**
 * The sets of keys that have changed since their tables' certificates, on both sides.
 *
 * <p>Idea: a certificate and all keys changed since, in whichever direction, are a proof that can be completed by
 * comparing just these keys. The applier writes them down in its own transactions; a set begins while the applier stands
 * still at the certificate's position, and is named by a series that the certificate repeats. When the direction turns,
 * the other side goes on under the same series. What cannot be kept ends the series, and with it what can be proven.
 *
 * <p>Invariant: where a side's set is intact and of a certificate's series, it holds every key that the applier has
 * changed on that side since the certificate. It may hold more. Tables go by their names in the monolith.
 */
public final class KeySets {

  /** More different keys of one table are not kept: to compare them would take longer than to compare all rows. */
  static final long MOST_KEYS = 1_000_000;

  private static final String SETS = """
      select s.name, s.series, case when s.lost is not null then s.lost when p.emptied then 'the table was emptied' end,
        coalesce(p.keys, 0)
      from banyan.key_set s left join (
        select name, sum(count) as keys, bool_or(keys is null) as emptied
        from banyan.changed_keys where module = :module group by name) p using (name)
      where s.module = :module""";

  private final String module;
  private final Link link;

  /** Creates the access to the sets of a move. */
  public KeySets(Link link) {
    this.module = link.module();
    this.link = link;
  }

  /** Returns the sets of one side by table; where nothing of ours is installed, there are none. */
  Map<String, KeySet> on(Owner side) {
    return link.database(side).jdbi().withHandle(this::read);
  }

  private Map<String, KeySet> read(Handle handle) {
    Map<String, KeySet> sets = new HashMap<>();
    handle.createQuery(SETS).bind("module", module)
        .map((row, context) -> sets.put(row.getString(1), new KeySet(row.getObject(2, UUID.class),
            Optional.ofNullable(row.getString(3)), row.getLong(4))))
        .list();
    return sets;
  }

  /** Returns the tables whose keys are to be kept on a side. */
  public Set<String> kept(Owner side) {
    return new HashSet<>(link.database(side).jdbi().withHandle(handle -> handle.createQuery(
        "select name from banyan.key_set where module = ? and lost is null").bind(0, module).mapTo(String.class).list()));
  }

  /**
   * Begins the sets of these tables that are not there or not intact; the applier must stand still.
   *
   * @return the series of each table
   */
  Map<String, UUID> begin(Owner follower, Collection<String> tables, long epoch) {
    Map<String, KeySet> before = on(follower);
    Map<String, UUID> series = new HashMap<>();
    for (String table : tables) {
      Optional<KeySet> set = Optional.ofNullable(before.get(table)).filter(KeySet::isIntact);
      UUID named = set.map(KeySet::series).orElseGet(UUID::randomUUID);
      series.put(table, named);
      if (set.isEmpty()) {
        inTransaction(follower, epoch, handle -> begin(handle, table, named));
      }
    }
    return series;
  }

  private void begin(Handle handle, String table, UUID series) {
    // What a transaction in progress has written early is not visible here, and stays.
    handle.execute("delete from banyan.changed_keys where module = ? and name = ?", module, table);
    handle.execute("""
        insert into banyan.key_set (module, name, series) values (?, ?, ?)
        on conflict (module, name) do update set series = excluded.series, lost = null""", module, table, series);
  }

  /**
   * Lets the sets of the side that has followed go on where the former owner is about to follow; both must stand still.
   * A set that is not intact on both sides begins a new series there, which no certificate names.
   */
  public void carryOver(Owner formerFollower, long epoch) throws SQLException {
    Owner formerOwner = formerFollower.other();
    Map<String, UUID> begun = BothSides.ask(() -> on(formerFollower), () -> on(formerOwner), KeySets::begunWhereTurned);
    if (!begun.isEmpty()) {
      inTransaction(formerOwner, epoch, handle -> begun.forEach((table, series) -> begin(handle, table, series)));
    }
  }

  private static Map<String, UUID> begunWhereTurned(Map<String, KeySet> sets, Map<String, KeySet> there) {
    Map<String, UUID> begun = new HashMap<>();
    sets.forEach((table, set) -> {
      Optional<KeySet> earlier = Optional.ofNullable(there.get(table)).filter(found -> found.continues(set.series()));
      boolean intact = set.isIntact() && earlier.map(KeySet::isIntact).orElse(true);
      if (earlier.isEmpty() || !intact) {
        begun.put(table, intact ? set.series() : UUID.randomUUID());
      }
    });
    return begun;
  }

  /** Takes away pages of keys that have been proven equal. */
  void forget(Owner side, List<Long> pages) {
    if (!pages.isEmpty()) {
      link.database(side).jdbi().useHandle(handle -> handle.createUpdate("delete from banyan.changed_keys where id = any(:pages)")
          .bindArray("pages", Long.class, pages).execute());
    }
  }

  /** Takes away everything of the move on both sides. */
  public void forgetAll() {
    for (Owner side : Owner.values()) {
      link.database(side).jdbi().useTransaction(handle -> {
        handle.execute("delete from banyan.changed_keys where module = ?", module);
        handle.execute("delete from banyan.key_set where module = ?", module);
      });
    }
  }

  /** Ends a set: what has changed since is no longer known. */
  void lose(Owner side, String table, String reason) {
    link.database(side).jdbi().useTransaction(handle -> {
      handle.execute("update banyan.key_set set lost = ? where module = ? and name = ? and lost is null", reason, module, table);
      handle.execute("delete from banyan.changed_keys where module = ? and name = ?", module, table);
    });
  }

  Database database(Owner side) {
    return link.database(side);
  }

  String module() {
    return module;
  }

  private void inTransaction(Owner side, long epoch, Consumer<Handle> work) {
    link.database(side).jdbi().useTransaction(handle -> {
      try {
        SideEpoch.require(handle.getConnection(), module, epoch);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
      work.accept(handle);
    });
  }
}
