package dev.banyan.move.cutover.protocol;

import java.util.ArrayList;
import java.util.List;

/** One side's database: rows, log, fence, stored position and slot. A row is the number of the write that made it. */
final class ModelSide {

  static final int NONE = -1;

  /** All that was committed here, by clients or by an applier, in the order of commit. */
  final List<Integer> log = new ArrayList<>();
  boolean fenced;
  long epoch;
  /** Up to where the other side's log is applied here. */
  int applied;
  /** From where this side's log is kept; {@link #NONE} without a slot. */
  int slot = NONE;
  /** The mover that reads the slot. */
  int reader = NONE;
  /** The write of a client whose transaction is open. */
  int openWrite = NONE;
  /** The mover that has prepared to open this side, in a transaction that is not committed; it holds the locks. */
  int openingBy = NONE;
  long openingEpoch;

  ModelSide copy() {
    ModelSide copy = new ModelSide();
    copy.log.addAll(log);
    copy.fenced = fenced;
    copy.epoch = epoch;
    copy.applied = applied;
    copy.slot = slot;
    copy.reader = reader;
    copy.openWrite = openWrite;
    copy.openingBy = openingBy;
    copy.openingEpoch = openingEpoch;
    return copy;
  }

  void describe(StringBuilder to) {
    to.append(log).append(fenced ? 'F' : 'o').append(epoch).append(',').append(applied).append(',').append(slot).append(',')
        .append(reader).append(',').append(openWrite).append(',').append(openingBy).append(',').append(openingEpoch);
  }
}
