package dev.banyan.move.cutover.protocol;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/** A step of settling as one of a switch. */
record Settling(SettlingStep step) implements Step {

  /** All of them, in order. */
  static final List<Step> STEPS = Arrays.<SettlingStep>stream(SettlingStep.values()).<Step>map(Settling::new).toList();

  @Override
  public String name() {
    return step.name();
  }

  @Override
  public void run(SwitchActs acts, SwitchRun run) throws SQLException, InterruptedException {
    run.become(step.run(acts, run.current()));
  }
}
