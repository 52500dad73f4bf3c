package dev.banyan.move.cutover.protocol;

import java.util.ArrayList;
import java.util.List;

/** One side's database: rows, log, fence, stored position and slot. A row is the number of the write that made it. */
final class ModelSide {

  static final int NONE = -1;

  /** A transaction whose connection is lost, and which the server has not ended: it keeps its locks for as long. */
  enum Ghost {
    NONE,
    /** Nobody has asked for its commit: the server will undo it. */
    UNDONE,
    /** Its commit is on its way, and closes the side. */
    CLOSES,
    /** Its commit is on its way, and opens the side. */
    OPENS
  }

  /** All that was committed here, by clients or by an applier, in the order of commit. */
  final List<Integer> log = new ArrayList<>();
  boolean fenced;
  long epoch;
  /** Up to where the other side's log is applied here. */
  int applied;
  /** From where this side's log is kept; {@link #NONE} without a slot. */
  int slot = NONE;
  /** How many slots there have been, which tells one from another of that name. */
  int slotsMade;
  /** The mover that reads the slot. */
  int reader = NONE;
  /** The write of a client whose transaction is open. */
  int openWrite = NONE;
  /** The mover that has prepared to open this side, in a transaction that is not committed; it holds the locks. */
  int openingBy = NONE;
  long openingEpoch;
  Ghost ghost = Ghost.NONE;
  long ghostEpoch;

  void makeSlot() {
    slot = log.size();
    slotsMade++;
  }

  void haunt(Ghost by, long byEpoch) {
    ghost = by;
    ghostEpoch = byEpoch;
  }

  /** The server ends the transaction of the lost connection, by its commit if that arrives. */
  void endGhost(boolean committed) {
    if (committed) {
      fenced = ghost == Ghost.CLOSES;
      epoch = ghostEpoch;
    }
    haunt(Ghost.NONE, 0);
  }

  ModelSide copy() {
    ModelSide copy = new ModelSide();
    copy.log.addAll(log);
    copy.fenced = fenced;
    copy.epoch = epoch;
    copy.applied = applied;
    copy.slot = slot;
    copy.slotsMade = slotsMade;
    copy.reader = reader;
    copy.openWrite = openWrite;
    copy.openingBy = openingBy;
    copy.openingEpoch = openingEpoch;
    copy.haunt(ghost, ghostEpoch);
    return copy;
  }

  void describe(StringBuilder to) {
    to.append(log).append(fenced ? 'F' : 'o').append(epoch).append(',').append(applied).append(',').append(slot).append(',')
        .append(reader).append(',').append(openWrite).append(',').append(openingBy).append(',').append(openingEpoch).append(ghost)
        .append(ghostEpoch);
  }
}
