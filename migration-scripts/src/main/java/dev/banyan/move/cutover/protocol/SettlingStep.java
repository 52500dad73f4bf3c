package dev.banyan.move.cutover.protocol;

import dev.banyan.control.Extraction;
import java.sql.SQLException;

/**
 * The steps that make both databases and the routes what the record says, in order. Each does nothing where it finds its
 * work done, so that they may be broken off anywhere and begun anew.
 *
 * <p>Invariant: the side that does not own is closed before the owner is opened.
 */
public enum SettlingStep {
  /** Finds out whether this mover is still the one. */
  REQUIRE_CURRENT((acts, at) -> {
    acts.requireCurrent(at);
    return at;
  }),
  /** Gives the side that does not own what its fence needs. */
  INSTALL_OTHER((acts, at) -> {
    acts.install(at.owner().other(), at.epoch());
    return at;
  }),
  /** Gives the owner what its fence needs. */
  INSTALL_OWNER((acts, at) -> {
    acts.install(at.owner(), at.epoch());
    return at;
  }),
  /** From here a stale mover can no longer undo on this side what is found or made below. */
  ADOPT_OTHER((acts, at) -> {
    acts.adopt(at.owner().other(), at.epoch());
    return at;
  }),
  /** The same on the owner. */
  ADOPT_OWNER((acts, at) -> {
    acts.adopt(at.owner(), at.epoch());
    return at;
  }),
  /** Closes the side that does not own. */
  CLOSE_OTHER((acts, at) -> {
    acts.close(at.owner().other(), at.epoch());
    return at;
  }),
  /** Opens the owner. */
  OPEN_OWNER((acts, at) -> {
    acts.open(at.owner(), at.epoch());
    return at;
  }),
  /** Lets go what proxies hold. */
  RELEASE_HELD((acts, at) -> at.held() ? acts.release(at) : at);

  private interface Act {
    Extraction run(SettlingActs acts, Extraction at) throws SQLException, InterruptedException;
  }

  private final Act act;

  SettlingStep(Act act) {
    this.act = act;
  }

  /** Runs it; returns the record as it is afterwards. */
  public Extraction run(SettlingActs acts, Extraction at) throws SQLException, InterruptedException {
    return act.run(acts, at);
  }
}
