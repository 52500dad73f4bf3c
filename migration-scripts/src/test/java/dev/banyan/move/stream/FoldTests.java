package dev.banyan.move.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.move.database.FlowColumn;
import dev.banyan.move.database.TableFlow;
import dev.banyan.move.database.TableName;
import dev.banyan.move.stream.RowChange.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FoldTests {

  private static final TableFlow TABLE = new TableFlow(new TableName("s", "t"), new TableName("s", "t"), List.of(
      new FlowColumn("id", "id", "bigint", "bigint", true, false, true),
      new FlowColumn("a", "a", "text", "text", false, false, true),
      new FlowColumn("b", "b", "text", "text", false, false, true)), false, Optional.empty(), Optional.empty());

  private static RowChange insert(String id, String a, String b) {
    return new RowChange(TABLE, Kind.INSERT, new Key(List.of(id)), new String[] {id, a, b});
  }

  private static RowChange update(String id, String a, String b) {
    return new RowChange(TABLE, Kind.UPDATE, new Key(List.of(id)), new String[] {id, a, b});
  }

  private static RowChange delete(String id) {
    return new RowChange(TABLE, Kind.DELETE, new Key(List.of(id)), null);
  }

  private static Fold.TableChanges fold(RowChange... changes) {
    Fold fold = new Fold();
    List.of(changes).forEach(fold::add);
    return fold.changes().get(0);
  }

  @Test
  void leavesNothingOfARowThatCameAndWent() {
    Fold.TableChanges changes = fold(insert("1", "x", "y"), update("1", "z", "y"), delete("1"));
    assertThat(changes.inserts()).isEmpty();
    assertThat(changes.updates()).isEmpty();
    assertThat(changes.deletes()).isEmpty();
  }

  @Test
  void deletesAndInsertsAKeyThatWasUsedAgain() {
    Fold.TableChanges changes = fold(update("1", "x", "y"), delete("1"), insert("1", "new", null));
    assertThat(changes.deletes()).containsExactly(new Key(List.of("1")));
    assertThat(changes.inserts()).singleElement().satisfies(row -> assertThat(row.image()).containsExactly("1", "new", null));
    assertThat(changes.updates()).isEmpty();
  }

  @Test
  void keepsAnOlderValueWhereTheLogDoesNotCarryTheNewerOne() {
    Fold.TableChanges changes = fold(update("1", "old", "y"), update("1", RowChange.UNCHANGED, "z"));
    assertThat(changes.updates()).singleElement().satisfies(row -> assertThat(row.image()).containsExactly("1", "old", "z"));
  }

  @Test
  void refusesAStreamThatContradictsItself() {
    assertThatThrownBy(() -> fold(delete("1"), update("1", "x", "y"))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> fold(insert("1", "x", "y"), insert("1", "x", "y"))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> fold(delete("1"), delete("1"))).isInstanceOf(IllegalStateException.class);
  }

  /** The model: apply one by one to a map; the fold applied at once must leave the same map. */
  @Test
  void leavesTheSameRowsAsTheChangesOneByOne() {
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      Map<String, List<String>> before = new TreeMap<>();
      for (int id = 0; id < 3; id++) {
        before.put("" + id, Arrays.asList("" + id, "a", "b"));
      }
      Map<String, List<String>> oneByOne = new TreeMap<>(before);
      Fold fold = new Fold();
      for (int i = 0; i < 12; i++) {
        fold.add(random(random, oneByOne, i));
      }
      assertThat(applied(fold, before)).as("seed %d", seed).isEqualTo(oneByOne);
    }
  }

  private static RowChange random(Random random, Map<String, List<String>> rows, int i) {
    String id = "" + random.nextInt(6);
    if (!rows.containsKey(id)) {
      rows.put(id, Arrays.asList(id, "i" + i, null));
      return insert(id, "i" + i, null);
    }
    if (random.nextInt(3) == 0) {
      rows.remove(id);
      return delete(id);
    }
    boolean carried = random.nextBoolean();
    List<String> row = new ArrayList<>(rows.get(id));
    row.set(2, "u" + i);
    if (carried) {
      row.set(1, "c" + i);
    }
    rows.put(id, row);
    return update(id, carried ? "c" + i : RowChange.UNCHANGED, "u" + i);
  }

  private static Map<String, List<String>> applied(Fold fold, Map<String, List<String>> before) {
    Map<String, List<String>> rows = new TreeMap<>(before);
    for (Fold.TableChanges changes : fold.changes()) {
      changes.deletes().forEach(key -> assertThat(rows.remove(key.values().get(0))).isNotNull());
      for (RowChange update : changes.updates()) {
        List<String> row = new ArrayList<>(rows.get(update.key().values().get(0)));
        for (int i = 0; i < 3; i++) {
          if (!RowChange.UNCHANGED.equals(update.image()[i])) {
            row.set(i, update.image()[i]);
          }
        }
        rows.put(update.key().values().get(0), row);
      }
      changes.inserts().forEach(insert ->
          assertThat(rows.put(insert.key().values().get(0), Arrays.asList(insert.image()))).isNull());
    }
    return rows;
  }
}
