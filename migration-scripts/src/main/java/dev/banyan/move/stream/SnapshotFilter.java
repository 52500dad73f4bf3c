package dev.banyan.move.stream;

import dev.banyan.move.database.Lsn;
import dev.banyan.move.database.TableFlow;
import dev.banyan.move.stream.HeldTransaction.HeldChange;
import dev.banyan.move.stream.RowChange.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Passes on what the copied rows lack, where they were copied under several snapshots.
 *
 * <p>Idea: a row copied under a snapshot with position S holds what all transactions did to its key that end at or before
 * S, and nothing of the others. So of each transaction, the changes of just those keys are passed on whose S lies before
 * its end, and what is passed on is applied as strictly as ever: for each key it is its whole history behind S. A row
 * that goes from one key to another is two changes; where one of the two is held already, the other is passed on alone.
 * A table that is emptied begins anew: from there each key lacks all that follows.
 *
 * <p>A transaction is held until its end is known. Several are looked up at once.
 */
final class SnapshotFilter implements StreamSink, AutoCloseable {

  private static final int MOST_IN_MEMORY = 20_000;

  private final StreamSink applier;
  private final CopiedPositions positions;
  private final int mostInMemory;
  private final Set<TableFlow> emptied = new HashSet<>();
  private final Deque<HeldTransaction> ended = new ArrayDeque<>();
  private HeldTransaction arriving;

  /** Creates a filter in front of an applier. */
  SnapshotFilter(StreamSink applier, CopiedPositions positions) {
    this(applier, positions, MOST_IN_MEMORY);
  }

  SnapshotFilter(StreamSink applier, CopiedPositions positions, int mostInMemory) {
    this.applier = applier;
    this.positions = positions;
    this.mostInMemory = mostInMemory;
    this.arriving = new HeldTransaction(mostInMemory);
  }

  @Override
  public void changed(RowChange change, Lsn at) {
    try {
      arriving.add(change, at);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void marked(String content) {
    arriving.mark(content);
  }

  @Override
  public void committed(Lsn end) {
    try {
      ended.add(arriving.endedAt(end));
      arriving = new HeldTransaction(mostInMemory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Lsn delivered(boolean nextWaits) throws SQLException, InterruptedException {
    Lookup lookup = new Lookup(ended.stream().flatMap(transaction -> transaction.inMemory().stream()));
    while (!ended.isEmpty()) {
      try (HeldTransaction transaction = ended.remove()) {
        pass(transaction, lookup);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return applier.delivered(nextWaits);
  }

  private void pass(HeldTransaction transaction, Lookup lookup) throws SQLException, InterruptedException, IOException {
    if (transaction.isInMemory()) {
      pass(transaction.inMemory(), transaction.end(), lookup);
    }
    for (List<HeldChange> part = transaction.next(); !part.isEmpty(); part = transaction.next()) {
      pass(part, transaction.end(), new Lookup(part.stream()));
    }
    transaction.marks().forEach(applier::marked);
    applier.committed(transaction.end());
  }

  private void pass(List<HeldChange> changes, Lsn end, Lookup lookup) throws SQLException, InterruptedException {
    for (HeldChange held : changes) {
      Optional<RowChange> lacking = lacking(held.change(), end, lookup);
      if (lacking.isPresent()) {
        applier.changed(lacking.get(), held.at());
      }
    }
  }

  private Optional<RowChange> lacking(RowChange change, Lsn end, Lookup lookup) {
    if (change.kind() == Kind.TRUNCATE) {
      return emptying(change, end);
    }
    boolean before = end.isAfter(lookup.position(change.table(), change.key()));
    boolean after = change.isRekeying() ? end.isAfter(lookup.position(change.table(), change.keyAfter())) : before;
    if (before == after) {
      return before ? Optional.of(change) : Optional.empty();
    }
    return Optional.of(before ? new RowChange(change.table(), Kind.DELETE, change.key(), null) : arrival(change));
  }

  private Optional<RowChange> emptying(RowChange change, Lsn end) {
    if (!emptied.contains(change.table()) && !end.isAfter(positions.oldest(change.table()))) {
      return Optional.empty();
    }
    // The writer forgets the ranges in the transaction that empties the table, so that the next session knows as well.
    emptied.add(change.table());
    return Optional.of(change);
  }

  /** The row that it was under its former key is not here: its key was copied when the row had left it. */
  private static RowChange arrival(RowChange change) {
    if (!change.isWhole()) {
      throw new LostValueException(("While the copy was interrupted, a row of %s was given another key, and a value of it"
          + " that is stored outside the row is neither in the log nor among the rows that are copied")
          .formatted(change.table().source()));
    }
    return new RowChange(change.table(), Kind.INSERT, change.keyAfter(), change.row());
  }

  /** The positions of the keys that some changes touch. */
  private final class Lookup {

    private final Map<TableFlow, Map<Key, Lsn>> found = new HashMap<>();

    Lookup(Stream<HeldChange> changes) throws SQLException {
      Map<TableFlow, Set<Key>> keys = new HashMap<>();
      changes.map(HeldChange::change).filter(change -> change.kind() != Kind.TRUNCATE).forEach(change -> {
        Set<Key> ofTable = keys.computeIfAbsent(change.table(), table -> new HashSet<>());
        ofTable.add(change.key());
        ofTable.add(change.keyAfter());
      });
      for (Map.Entry<TableFlow, Set<Key>> table : keys.entrySet()) {
        found.put(table.getKey(), positions.of(table.getKey(), table.getValue()));
      }
    }

    Lsn position(TableFlow table, Key key) {
      return emptied.contains(table) ? Lsn.ZERO : Objects.requireNonNull(Objects.requireNonNull(found.get(table)).get(key));
    }
  }

  @Override
  public void close() throws IOException {
    arriving.close();
    for (HeldTransaction transaction : ended) {
      transaction.close();
    }
  }
}
