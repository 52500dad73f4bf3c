package dev.banyan.move.cutover.protocol;

import java.sql.SQLException;
import java.util.concurrent.TimeoutException;

/** One step of a switch, or of taking it back. */
public interface Step {

  /** Returns its name, as the journal has it. */
  String name();

  /** Runs it. */
  void run(SwitchActs acts, SwitchRun run) throws SQLException, InterruptedException, TimeoutException;
}
