package dev.banyan.move.mover;

import dev.banyan.control.Progress.MoverState;
import java.util.Optional;

/**
 * Whether somebody has a module's lock, and whether its mover was heard of. Neither is enough by itself: a mover that was killed
 * was heard of a moment ago, and one that stands still has its lock.
 *
 * @param holder who has the lock
 * @param seen the mover as it was last seen
 */
record MoverPresence(Optional<String> holder, Optional<MoverState> seen) {

  /** Looks at both. */
  static MoverPresence of(Workspace space) {
    // Whoever takes the lock is seen afterwards, so this order takes nobody for one that hangs who has just begun.
    Optional<String> holder = MoverLock.holder(space.monolith(), space.module());
    return new MoverPresence(holder, space.progress().mover(space.module()));
  }

  /** Has the module, and says so. */
  boolean runs() {
    return holder.isPresent() && isSeen();
  }

  /** Has the module, and says nothing. */
  boolean hangs() {
    return holder.isPresent() && !isSeen();
  }

  /** Has said something just now, and has not the module: it waits for a database, or was ended. */
  boolean waits() {
    return holder.isEmpty() && isSeen();
  }

  private boolean isSeen() {
    return seen.filter(MoverState::alive).isPresent();
  }

  /** Returns its last message. */
  Optional<String> message() {
    return seen.flatMap(MoverState::message);
  }

  /** Tells in a sentence. */
  String sentence() {
    return holder.isPresent()
        ? isSeen() ? "Its mover runs." : "Its mover has its lock and says nothing."
        : isSeen() ? "Its mover waits, or has just ended." : "No mover runs.";
  }
}
