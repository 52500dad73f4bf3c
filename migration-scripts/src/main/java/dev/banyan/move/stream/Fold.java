package dev.banyan.move.stream;

import dev.banyan.move.database.TableFlow;
import dev.banyan.move.stream.RowChange.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Folds a run of changes so that each key of each table is touched once: what matters to the other side is the state
 * before the run and the state after it.
 */
final class Fold {

  /** What a run leaves to do in one table: deletions first, then updates, then insertions. */
  record TableChanges(TableFlow table, List<Key> deletes, List<RowChange> updates, List<RowChange> inserts) {}

  /** What the run does to one key: {@code deleted} tells of a row that was there before, {@code now} of the one there after. */
  private record Net(boolean deleted, @Nullable RowChange now) {}

  private final Map<TableFlow, Map<Key, Net>> tables = new LinkedHashMap<>();

  /** Adds the next change; it must not {@linkplain RowChange#standsAlone stand alone}. */
  void add(RowChange change) {
    tables.computeIfAbsent(change.table(), table -> new LinkedHashMap<>())
        .compute(change.key(), (key, before) -> before == null ? first(change) : then(before, change));
  }

  private static Net first(RowChange change) {
    return change.kind() == Kind.DELETE ? new Net(true, null) : new Net(false, change);
  }

  private static @Nullable Net then(Net before, RowChange change) {
    RowChange now = before.now();
    return switch (change.kind()) {
      case INSERT -> {
        require(now == null, change);
        yield new Net(before.deleted(), change);
      }
      case UPDATE -> new Net(before.deleted(), merge(now, change));
      case DELETE -> {
        require(now != null, change);
        // A row that the run itself inserted leaves nothing behind.
        boolean wasThere = before.deleted() || (now != null && now.kind() == Kind.UPDATE);
        yield wasThere ? new Net(true, null) : null;
      }
      case TRUNCATE -> throw impossible(change);
    };
  }

  private static RowChange merge(@Nullable RowChange now, RowChange update) {
    if (now == null) {
      throw impossible(update);
    }
    @Nullable String[] row = update.image().clone();
    for (int i = 0; i < row.length; i++) {
      if (!RowChange.isCarried(row[i])) {
        row[i] = now.image()[i];
      }
    }
    return new RowChange(now.table(), now.kind(), now.key(), row);
  }

  private static void require(boolean possible, RowChange change) {
    if (!possible) {
      throw impossible(change);
    }
  }

  private static IllegalStateException impossible(RowChange change) {
    return new IllegalStateException("The stream of %s contradicts itself: %s where no such row can be".formatted(
        change.table().source(), change.kind()));
  }

  /** Returns what is left to do, table by table. */
  List<TableChanges> changes() {
    List<TableChanges> all = new ArrayList<>();
    tables.forEach((table, keys) -> {
      TableChanges changes = new TableChanges(table, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      keys.forEach((key, net) -> sort(key, net, changes));
      all.add(changes);
    });
    return all;
  }

  private static void sort(Key key, Net net, TableChanges changes) {
    if (net.deleted()) {
      changes.deletes().add(key);
    }
    if (net.now() != null) {
      (net.now().kind() == Kind.UPDATE ? changes.updates() : changes.inserts()).add(net.now());
    }
  }
}
