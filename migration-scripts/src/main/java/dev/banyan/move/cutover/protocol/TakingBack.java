package dev.banyan.move.cutover.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The steps that take a switch back which has failed before its point of no return, in order: settling is among them. */
final class TakingBack {

  static final List<Step> STEPS = steps();

  private TakingBack() {}

  private static List<Step> steps() {
    List<Step> steps = new ArrayList<>(Settling.STEPS);
    steps.add(new SimpleStep("RESUME_FORWARD", (acts, run) -> acts.resumeForward()));
    steps.add(new SimpleStep("END_WAY_BACK", (acts, run) -> acts.endWayBack()));
    steps.add(new SimpleStep("DROP_WAY_BACK", (acts, run) -> acts.dropSlot(run.current(), run.to())));
    steps.add(new SimpleStep("CANCELLED", (acts, run) -> acts.record(run.current(), "switch.cancelled", Map.of("reason", run.reason()))));
    return List.copyOf(steps);
  }
}
