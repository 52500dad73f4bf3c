package dev.banyan.move.cutover.protocol;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** The steps that take a switch back which has failed before its point of no return, in order: settling is among them. */
final class TakingBack {

  private record Simple(String name, Act act) implements Step {

    @Override
    public void run(SwitchActs acts, SwitchRun run) throws SQLException, InterruptedException, TimeoutException {
      act.run(acts, run);
    }
  }

  static final List<Step> STEPS = steps();

  private TakingBack() {}

  private static List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    steps.add(new Simple("CLOSE_OPENING", (acts, run) -> acts.closeOpening()));
    steps.addAll(Settling.STEPS);
    steps.add(new Simple("RESUME_FORWARD", (acts, run) -> acts.resumeForward()));
    steps.add(new Simple("END_WAY_BACK", (acts, run) -> acts.endWayBack()));
    steps.add(new Simple("DROP_WAY_BACK", (acts, run) -> acts.dropSlot(run.current(), run.to())));
    steps.add(new Simple("CANCELLED", (acts, run) -> acts.record(run.current(), "switch.cancelled", Map.of("reason", run.reason()))));
    return List.copyOf(steps);
  }
}
