package dev.banyan.move.cutover.protocol;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A step of settling as one of a switch. */
record Settling(SettlingStep step) implements Step {

  /** All of them, in order, behind the end of what a switch has prepared and not committed: its own locks would keep it out. */
  static final List<Step> STEPS = steps();

  private static List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    steps.add(new SimpleStep("CLOSE_OPENING", (acts, run) -> acts.closeOpening()));
    Arrays.stream(SettlingStep.values()).map(Settling::new).forEach(steps::add);
    return List.copyOf(steps);
  }

  @Override
  public String name() {
    return step.name();
  }

  @Override
  public void run(SwitchActs acts, SwitchRun run) throws SQLException, InterruptedException {
    run.become(step.run(acts, run.current()));
  }
}
