package dev.banyan.move.stream;

import dev.banyan.move.database.Lsn;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Applies a stream to the other side, in commit order.
 *
 * <p>Idea: changes are gathered; {@code complete} of them belong to transactions whose end was met. What is complete is
 * committed together with the position of its last end. The changes of a transaction that is still arriving are written
 * early where they grow too many, but never committed before its end.
 *
 * <p>Invariant: the stored position is the end of the last transaction whose changes are committed here, and of all
 * before it. A transaction that ends at or before it was applied by an earlier run and is dropped.
 */
final class Applier implements StreamSink {

  private static final int MOST_GATHERED = 20_000;
  private static final long MOST_GATHERED_CHARACTERS = 16 << 20;

  private final TargetSession target;
  private final long epoch;
  private final Gate gate;
  private final Consumer<String> met;

  private final List<RowChange> gathered = new ArrayList<>();
  private final List<String> marks = new ArrayList<>();
  private int complete;
  private int completeMarks;
  private long characters;
  private Lsn applied;
  private Lsn completeTo;
  private boolean pastTheOld;
  private boolean arrivingIsNew;
  private boolean arrivingIsWritten;

  /**
   * Creates the applier.
   *
   * @param applied the stored position
   * @param met called for each mark once all before it is durable
   */
  Applier(TargetSession target, long epoch, Lsn applied, Gate gate, Consumer<String> met) {
    this.target = target;
    this.epoch = epoch;
    this.applied = applied;
    this.completeTo = applied;
    this.gate = gate;
    this.met = met;
  }

  @Override
  public void changed(RowChange change, Lsn at) throws SQLException {
    // A transaction that changes something behind the stored position ends behind it, too.
    // Nor does anything old come behind a transaction that was new.
    arrivingIsNew |= pastTheOld || at.isAfter(applied);
    gathered.add(change);
    characters += change.size();
    if (arrivingIsNew && (gathered.size() > MOST_GATHERED || characters > MOST_GATHERED_CHARACTERS)) {
      makeCompleteDurable();
      writeArriving();
    }
  }

  @Override
  public void marked(String content) {
    marks.add(content);
  }

  @Override
  public void committed(Lsn end) throws SQLException, InterruptedException {
    if (!end.isAfter(applied)) {
      forgetArriving();
    } else {
      if (gate.blocks(end)) {
        makeCompleteDurable();
        gate.pass(end);
      }
      complete = gathered.size();
      completeMarks = marks.size();
      completeTo = end;
      pastTheOld = true;
      if (arrivingIsWritten) {
        makeCompleteDurable();
      }
    }
    arrivingIsNew = false;
  }

  @Override
  public Lsn delivered() throws SQLException {
    makeCompleteDurable();
    return applied;
  }

  private void makeCompleteDurable() throws SQLException {
    if (!completeTo.isAfter(applied)) {
      return;
    }
    List<RowChange> done = gathered.subList(0, complete);
    target.write(done);
    target.commit(completeTo, epoch);
    applied = completeTo;
    arrivingIsWritten = false;
    done.clear();
    complete = 0;
    characters = gathered.stream().mapToLong(RowChange::size).sum();
    List<String> metMarks = marks.subList(0, completeMarks);
    metMarks.forEach(met);
    metMarks.clear();
    completeMarks = 0;
  }

  /** What is written but not committed disappears with its connection, should its transaction never end. */
  private void writeArriving() throws SQLException {
    target.write(gathered);
    gathered.clear();
    characters = 0;
    arrivingIsWritten = true;
  }

  private void forgetArriving() {
    gathered.subList(complete, gathered.size()).clear();
    List<String> known = marks.subList(completeMarks, marks.size());
    known.forEach(met);
    known.clear();
  }
}
