package dev.banyan.move.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.move.database.FlowColumn;
import dev.banyan.move.database.Lsn;
import dev.banyan.move.database.TableFlow;
import dev.banyan.move.database.TableName;
import dev.banyan.move.stream.RowChange.Kind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random histories, random snapshots: what is passed on must fit strictly, and make the copied rows those of the owner. */
class SnapshotFilterTests {

  private static final TableFlow TABLE = new TableFlow(new TableName("s", "t"), new TableName("s", "t"), List.of(
      new FlowColumn("id", "id", "bigint", "bigint", true, false, true),
      new FlowColumn("big", "big", "text", "text", false, false, true),
      new FlowColumn("v", "v", "text", "text", false, false, true)), false, Optional.empty(), Optional.empty());

  private static final int KEYS = 5;
  private static final int TRANSACTIONS = 12;

  /** The owner's table: each transaction changes it and leaves a version of it behind. */
  private static final class History {

    private final Random random;
    private final Map<String, List<@Nullable String>> rows = new TreeMap<>();
    private final List<Map<String, List<@Nullable String>>> versions = new ArrayList<>();
    private final List<List<RowChange>> transactions = new ArrayList<>();
    private int serial;

    History(Random random) {
      this.random = random;
      for (int id = 0; id < KEYS; id += 2) {
        rows.put("" + id, row("" + id, "big", "v"));
      }
      versions.add(new TreeMap<>(rows));
      for (int i = 0; i < TRANSACTIONS; i++) {
        List<RowChange> changes = new ArrayList<>();
        for (int j = random.nextInt(4); j >= 0; j--) {
          changes.add(change());
        }
        transactions.add(changes);
        versions.add(new TreeMap<>(rows));
      }
    }

    private static List<@Nullable String> row(@Nullable String... values) {
      return Arrays.asList(values);
    }

    private RowChange change() {
      String id = "" + random.nextInt(KEYS);
      serial++;
      if (random.nextInt(30) == 0) {
        rows.clear();
        return RowChange.truncation(TABLE);
      }
      if (!rows.containsKey(id)) {
        rows.put(id, row(id, "big" + serial, null));
        return new RowChange(TABLE, Kind.INSERT, key(id), new String[] {id, "big" + serial, null});
      }
      return random.nextInt(3) == 0 ? delete(id) : update(id);
    }

    private RowChange delete(String id) {
      rows.remove(id);
      return new RowChange(TABLE, Kind.DELETE, key(id), null);
    }

    private RowChange update(String id) {
      String other = "" + random.nextInt(KEYS);
      String idAfter = rows.containsKey(other) ? id : other;
      boolean carried = random.nextInt(5) > 0;
      String big = carried ? "big" + serial : String.valueOf(rows.get(id).get(1));
      rows.remove(id);
      rows.put(idAfter, row(idAfter, big, "v" + serial));
      return new RowChange(TABLE, Kind.UPDATE, key(id), new String[] {idAfter, carried ? big : RowChange.UNCHANGED, "v" + serial});
    }
  }

  private static Key key(String id) {
    return new Key(List.of(id));
  }

  private static Lsn end(int transaction) {
    return new Lsn(10L * transaction);
  }

  /** Every key was copied under a snapshot of its own. */
  private static final class Positions implements CopiedPositions {

    private final Map<Key, Lsn> positions = new HashMap<>();

    @Override
    public Map<Key, Lsn> of(TableFlow table, Collection<Key> keys) {
      return keys.stream().collect(Collectors.toMap(key -> key, key -> positions.getOrDefault(key, Lsn.ZERO)));
    }

    @Override
    public Lsn oldest(TableFlow table) {
      return positions.values().stream().min(Lsn::compareTo).orElse(Lsn.ZERO);
    }
  }

  /** The other side: takes nothing that does not fit. */
  private static final class Target implements StreamSink {

    private final Map<String, List<@Nullable String>> rows = new TreeMap<>();
    private Lsn applied = Lsn.ZERO;

    @Override
    public void changed(RowChange change, Lsn at) {
      if (change.kind() == Kind.TRUNCATE) {
        rows.clear();
        return;
      }
      String id = change.key().values().get(0);
      List<@Nullable String> before = rows.remove(id);
      assertThat(before == null).as("%s of %s: no such row", change.kind(), id).isEqualTo(change.kind() == Kind.INSERT);
      if (change.kind() != Kind.DELETE) {
        put(change, before);
      }
    }

    private void put(RowChange change, @Nullable List<@Nullable String> before) {
      @Nullable String[] row = change.image().clone();
      for (int i = 0; i < row.length; i++) {
        if (RowChange.UNCHANGED.equals(row[i])) {
          assertThat(before).as("the row that holds the value").isNotNull();
          row[i] = before.get(i);
        }
      }
      assertThat(rows.put(String.valueOf(row[0]), Arrays.asList(row))).as("a row in the way").isNull();
    }

    @Override
    public void marked(String content) {}

    @Override
    public void committed(Lsn end) {
      applied = end;
    }

    @Override
    public Lsn delivered(boolean nextWaits) {
      return applied;
    }
  }

  @Test
  void makesRowsOfManySnapshotsThoseOfTheOwner() throws Exception {
    int lost = 0;
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      History history = new History(random);
      Positions positions = new Positions();
      Target target = new Target();
      copy(history, positions, target, random);
      try {
        stream(history, new SnapshotFilter(target, positions, random.nextInt(20) == 0 ? 1 : TRANSACTIONS), random);
        assertThat(target.rows).as("seed %d", seed).isEqualTo(history.rows);
      } catch (LostValueException e) {
        lost++;
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(lost).as("histories in which a value is nowhere to be had").isBetween(1, 2_000);
  }

  private static void copy(History history, Positions positions, Target target, Random random) {
    for (int id = 0; id < KEYS; id++) {
      int snapshot = random.nextInt(TRANSACTIONS);
      positions.positions.put(key("" + id), end(snapshot));
      List<@Nullable String> row = history.versions.get(snapshot).get("" + id);
      if (row != null) {
        target.rows.put("" + id, row);
      }
    }
  }

  private static void stream(History history, SnapshotFilter filter, Random random) throws SQLException, InterruptedException {
    for (int i = 0; i < TRANSACTIONS; i++) {
      history.transactions.get(i).forEach(change -> filter.changed(change, Lsn.ZERO));
      filter.committed(end(i + 1));
      if (random.nextBoolean()) {
        filter.delivered(false);
      }
    }
    filter.delivered(false);
  }
}
