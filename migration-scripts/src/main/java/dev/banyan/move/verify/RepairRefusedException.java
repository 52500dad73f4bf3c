package dev.banyan.move.verify;

import java.sql.SQLException;

/** Thrown where the other side does not take the owner's rows: a constraint, a lock that is held, or no key to find them by. Nothing has changed. */
public final class RepairRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  RepairRefusedException(SQLException cause) {
    super(cause.getMessage(), cause);
  }

  RepairRefusedException(String message) {
    super(message);
  }

  /** Tells whether a failure is the follower's answer to the rows; anything else is for the mover to judge. */
  static boolean isAnswer(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    return state.startsWith("23") || state.startsWith("22") || state.equals("55P03");
  }
}
