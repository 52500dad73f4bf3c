package dev.banyan.move.cutover.protocol;

import java.sql.SQLException;
import java.util.concurrent.TimeoutException;

/** What a step does. */
interface Act {

  /** Does it. */
  void run(SwitchActs acts, SwitchRun run) throws SQLException, InterruptedException, TimeoutException;
}
