package dev.banyan.move.cutover.protocol;

import java.sql.SQLException;
import java.util.concurrent.TimeoutException;

/** A step that is one act. */
record SimpleStep(String name, Act act) implements Step {

  @Override
  public void run(SwitchActs acts, SwitchRun run) throws SQLException, InterruptedException, TimeoutException {
    act.run(acts, run);
  }
}
