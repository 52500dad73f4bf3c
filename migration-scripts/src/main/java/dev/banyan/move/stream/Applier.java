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
 * committed together with the position of its last end. While that is under way, and more comes, the next is gathered:
 * the more the other side has to do, the more goes into one commit. The changes of a transaction that is still arriving
 * are written early where they grow too many, but never committed before its end.
 *
 * <p>Invariant: the stored position is the end of the last transaction whose changes are committed here, and of all
 * before it. A transaction that ends at or before it was applied by an earlier run and is dropped.
 */
final class Applier implements StreamSink {

  private static final int MOST_GATHERED = 20_000;
  private static final long MOST_GATHERED_CHARACTERS = 16 << 20;
  // What is gathered lives until it is applied; beyond this a larger piece costs the collector more than it saves.
  private static final int WORTH_WAITING_FOR = 8_192;

  private final TargetSession target;
  private final WriterThread writer;
  private final long epoch;
  private final Gate gate;
  private final Consumer<String> met;

  private List<RowChange> gathered = new ArrayList<>();
  private List<String> marks = new ArrayList<>();
  private int complete;
  private int completeMarks;
  private long characters;
  private Lsn completeTo;
  private Lsn given;
  private volatile Lsn durable;
  private boolean pastTheOld;
  private boolean arrivingIsNew;
  private boolean arrivingIsWritten;

  /**
   * Creates the applier.
   *
   * @param writer the only one to use {@code target}
   * @param applied the stored position
   * @param met called for each mark once all before it is durable
   */
  Applier(TargetSession target, WriterThread writer, long epoch, Lsn applied, Gate gate, Consumer<String> met) {
    this.target = target;
    this.writer = writer;
    this.epoch = epoch;
    this.completeTo = applied;
    this.given = applied;
    this.durable = applied;
    this.gate = gate;
    this.met = met;
  }

  @Override
  public void changed(RowChange change, Lsn at) throws SQLException, InterruptedException {
    // A transaction that changes something behind the stored position ends behind it, too.
    // Nor does anything old come behind a transaction that was new.
    arrivingIsNew |= pastTheOld || at.isAfter(given);
    gathered.add(change);
    characters += change.size();
    if (arrivingIsNew && isMuch(MOST_GATHERED)) {
      giveComplete();
      giveArriving();
    }
  }

  private boolean isMuch(int changes) {
    return gathered.size() > changes || characters > MOST_GATHERED_CHARACTERS;
  }

  @Override
  public void marked(String content) {
    marks.add(content);
  }

  @Override
  public void committed(Lsn end) throws SQLException, InterruptedException {
    if (!end.isAfter(given)) {
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
        giveComplete();
      }
    }
    arrivingIsNew = false;
  }

  @Override
  public Lsn delivered(boolean nextWaits) throws SQLException, InterruptedException {
    if (!nextWaits) {
      makeCompleteDurable();
    } else if (!writer.isBusy() || isMuch(WORTH_WAITING_FOR)) {
      giveComplete();
    }
    return durable;
  }

  private void makeCompleteDurable() throws SQLException, InterruptedException {
    giveComplete();
    writer.await();
  }

  /** Has what is complete written and committed, and goes on with the rest. */
  private void giveComplete() throws SQLException, InterruptedException {
    if (!completeTo.isAfter(given)) {
      return;
    }
    List<RowChange> changes = gathered.subList(0, complete);
    List<String> metMarks = marks.subList(0, completeMarks);
    Lsn end = completeTo;
    gathered = new ArrayList<>(gathered.subList(complete, gathered.size()));
    marks = new ArrayList<>(marks.subList(completeMarks, marks.size()));
    characters = gathered.stream().mapToLong(RowChange::size).sum();
    complete = 0;
    completeMarks = 0;
    given = end;
    arrivingIsWritten = false;
    writer.give(() -> commit(changes, end, metMarks));
  }

  private void commit(List<RowChange> changes, Lsn end, List<String> metMarks) throws SQLException {
    target.write(changes);
    target.commit(end, epoch);
    durable = end;
    metMarks.forEach(met);
  }

  /** What is written but not committed disappears with its connection, should its transaction never end. */
  private void giveArriving() throws SQLException, InterruptedException {
    List<RowChange> changes = gathered;
    gathered = new ArrayList<>();
    characters = 0;
    arrivingIsWritten = true;
    writer.give(() -> target.write(changes));
  }

  private void forgetArriving() {
    gathered.subList(complete, gathered.size()).clear();
    characters = gathered.stream().mapToLong(RowChange::size).sum();
    List<String> known = marks.subList(completeMarks, marks.size());
    known.forEach(met);
    known.clear();
  }
}
