package dev.banyan.move.verify;

import dev.banyan.move.database.TableFlow;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the rows that differ from both sides, a few at a time, because rows may be large. */
final class RowPairs {

  private static final int AT_ONCE = 10;

  private final TableFlow table;
  private final Pin pin;
  private final KeyedRows ours;
  private final KeyedRows theirs;

  RowPairs(TableFlow table, Pin pin) throws SQLException {
    this.table = table;
    this.pin = pin;
    this.ours = new KeyedRows(table, true, pin.hasOneVersion());
    this.theirs = new KeyedRows(table, false, pin.hasOneVersion());
  }

  /** Returns the differences with the columns that differ. */
  List<RowDifference> detailed(List<RowDifference> differences) throws SQLException, InterruptedException {
    List<RowDifference> detailed = new ArrayList<>();
    each(differences, pair -> detailed.add(pair.detailed()));
    return detailed;
  }

  /** Hands both rows of each difference over. */
  void each(List<RowDifference> differences, Consumer<RowPair> reader) throws SQLException, InterruptedException {
    for (int from = 0; from < differences.size(); from += AT_ONCE) {
      read(differences.subList(from, Math.min(from + AT_ONCE, differences.size())), reader);
    }
  }

  private void read(List<RowDifference> differences, Consumer<RowPair> reader) throws SQLException, InterruptedException {
    List<RowKey> keys = differences.stream().map(RowDifference::key).toList();
    Future<Map<Integer, @Nullable String[]>> here = pin.ours().ask(side -> ours.texts(side, keys));
    Future<Map<Integer, @Nullable String[]>> there = pin.theirs().ask(side -> theirs.texts(side, keys));
    Map<Integer, @Nullable String[]> ownerRows = SideSnapshot.join(here);
    Map<Integer, @Nullable String[]> otherRows = SideSnapshot.join(there);
    for (int i = 0; i < differences.size(); i++) {
      reader.accept(new RowPair(table, differences.get(i), ownerRows.get(i), otherRows.get(i)));
    }
  }
}
