package dev.banyan.move.mover;

import java.util.List;

/**
 * A part of a random history with an interruption in it. Transactions that begin before it may end after it.
 *
 * @param before what is written before
 * @param fault what happens
 * @param at how many ranges of the copy are finished when it happens; means nothing where nothing is copied
 * @param after what is written after
 */
record RandomEpisode(List<RandomStep> before, Fault fault, int at, List<RandomStep> after) {

  /** What interrupts a mover. */
  enum Fault {
    NONE, STOP, CUT_MONOLITH, CUT_SERVICE, CUT_AT_COMMIT, VERIFY, VERIFY_CUT, KILL_MONOLITH, KILL_SERVICE;

    boolean isVerification() {
      return this == VERIFY || this == VERIFY_CUT;
    }
  }
}
