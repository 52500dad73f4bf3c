package dev.banyan.move.rehearsal;

import dev.banyan.control.Intents.Intent;
import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Intents.State;
import dev.banyan.control.client.Owner;
import dev.banyan.move.check.Checked;
import dev.banyan.move.check.Finding;
import dev.banyan.move.mover.Refused;
import dev.banyan.move.mover.Workspace;
import dev.banyan.move.plan.Plan;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One rehearsal: copies both sides, replays the load, lets the mover switch and go back several times, and measures.
 *
 * <p>Invariants: of the two real databases nothing is written, for they are only ever opened read only; what is made lies
 * in two databases under a name of this rehearsal's own, slots included, and goes with them; a real move of the same module
 * meets none of it.
 */
public final class Rehearsal {

  /** Fewer writes would not show a pause of a few dozen milliseconds. */
  private static final double LEAST_RATE = 50;
  private static final int SEEN_AFTERWARDS = 8;
  private static final long SEEN_WITHIN_MILLIS = 5_000;

  private final Plan plan;
  private final RehearsalSettings settings;
  private final Consumer<String> say;
  private final Map<String, Duration> took = new LinkedHashMap<>();
  private final Turns switches = new Turns();
  private final Turns rollbacks = new Turns();
  private volatile @Nullable Scratch scratch;
  private volatile boolean isStopped;

  /**
   * Creates the rehearsal of a plan.
   *
   * @param say is told how far it comes, in sentences for people
   */
  public Rehearsal(Plan plan, RehearsalSettings settings, Consumer<String> say) {
    this.plan = plan;
    this.settings = settings;
    this.say = say;
  }

  /**
   * Tells what the rehearsal would do; changes nothing.
   *
   * @throws Refused if it would be refused
   */
  public List<String> steps() {
    try (RealSides real = new RealSides(plan); ScratchServer server = new ScratchServer(settings.server())) {
      admit(real, server);
      return List.of("count for %d s what is written to %d tables".formatted(settings.record().toSeconds(), plan.tables().size()),
          "create two databases on %s, with the tables of both sides and the monolith's rows (%s, twice that with the service's)"
              .formatted(server, real.size()),
          "run a move between the two, under replayed writes",
          "%d times: switch writes, and roll back".formatted(settings.rounds()),
          "drop the two databases with their slots");
    }
  }

  /**
   * Rehearses.
   *
   * @throws Refused if there can be no rehearsal; nothing is left behind
   * @throws InterruptedException if it was told to stop; nothing is left behind
   */
  public RehearsalReport run() throws SQLException, InterruptedException {
    try (RealSides real = new RealSides(plan); ScratchServer server = new ScratchServer(settings.server())) {
      Checked checked = admit(real, server);
      List<Finding> unmet = real.unmet(checked);
      List<Finding> warnings = real.warnings(checked);
      say.accept("The monolith's tables take %s. The copies take twice that on %s; how much room that server has, it does not tell."
          .formatted(real.size(), server));
      server.rehearsals(plan.module()).forEach(other -> say.accept(
          "Another rehearsal of this module has databases there. If nobody runs it: banyan rehearse %s --clean".formatted(plan.file())));
      say.accept("Recording for %d s what is written to the monolith's tables.".formatted(settings.record().toSeconds()));
      RecordedLoad load = new LoadRecorder(real.monolith(), real.tables(Owner.MONOLITH)).record(settings.record());
      took.put("record", load.watched());
      try (Scratch made = Scratch.begin(server, plan.module())) {
        scratch = made;
        requireGoingOn();
        made.create();
        ScratchFilling filling = fill(real, made, checked);
        Observed observed = rehearse(made, load);
        return new RehearsalReport(plan.module(), plan.limits().maxPause(), switches, rollbacks, observed.load(), observed.writers(),
            took, filling.rows(), "monolith %s, copies %s on %s".formatted(real.version(), server.version(), server), unmet,
            warnings, filling.leftOut());
      }
    }
  }

  private record Observed(Map<String, Object> load, Map<String, Object> writers) {}

  private Checked admit(RealSides real, ScratchServer server) {
    Checked checked = real.check();
    real.requireRehearsable();
    List<Finding> lacking = server.lacking();
    if (!lacking.isEmpty()) {
      throw new Refused("A move of module '%s' cannot be rehearsed on %s:".formatted(plan.module(), server), lacking);
    }
    return checked;
  }

  private ScratchFilling fill(RealSides real, Scratch made, Checked checked) throws SQLException, InterruptedException {
    say.accept("Copying both sides into two databases named %s.".formatted(made.pattern()));
    ScratchFilling filling = new ScratchFilling(plan, real, made, say);
    timed("copies", () -> filling.run(checked));
    say.accept("Copied %,d rows in %s.".formatted(filling.rows(), seconds("copies")));
    return filling;
  }

  private Observed rehearse(Scratch made, RecordedLoad load) throws SQLException, InterruptedException {
    double rate = settings.rate().orElse(Math.max(LEAST_RATE, load.writesPerSecond()));
    try (Workspace space = new Workspace(made.plan(plan)); Replay replay = new Replay(space.link(), made.addresses(), load, rate)) {
      say.accept("Recorded %.1f writes/s; replaying %.1f.".formatted(load.writesPerSecond(), replay.hasWriters() ? rate : 0));
      try (RehearsedMove move = new RehearsedMove(space, sentence -> say.accept("  mover: " + sentence))) {
        timed("move", move::awaitInSync);
        timed("verify", move::verify);
        timed("rounds", () -> rounds(move, replay));
      }
      return new Observed(described(load, replay), replay.log().asMap());
    }
  }

  private static Map<String, Object> described(RecordedLoad load, Replay replay) {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("recordedSeconds", load.watched().toSeconds());
    described.put("recordedWritesPerSecond", Math.round(load.writesPerSecond() * 10) / 10.0);
    described.put("recordedTransactionsPerSecond", Math.round(load.transactionsPerSecond() * 10) / 10.0);
    described.put("tables", load.asMap());
    described.put("replayedWritesPerSecond", Math.round(replay.reachedRate() * 10) / 10.0);
    described.put("notReplayed", replay.unwritten());
    return described;
  }

  private void rounds(RehearsedMove move, Replay replay) throws InterruptedException {
    for (int round = 1; round <= settings.rounds(); round++) {
      say.accept("Round %d of %d.".formatted(round, settings.rounds()));
      if (!turn(move, replay, Kind.SWITCH_WRITES, switches) || !turn(move, replay, Kind.ROLLBACK, rollbacks)) {
        return;
      }
    }
  }

  /** Tells whether the other side owns now. */
  private boolean turn(RehearsedMove move, Replay replay, Kind kind, Turns turns) throws InterruptedException {
    WriterLog log = replay.log();
    Thread.sleep(settings.between().toMillis());
    log.begin();
    Intent ended = move.ask(kind);
    if (replay.hasWriters()) {
      log.awaitMore(SEEN_AFTERWARDS, SEEN_WITHIN_MILLIS);
    }
    log.end();
    if (ended.state() == State.DONE) {
      turns.done(ended.outcome());
    } else {
      turns.failed(String.valueOf(ended.outcome().get("message")));
    }
    return ended.state() == State.DONE;
  }

  /**
   * Drops what the rehearsal has made and has not dropped itself, while it may still be at work; for whoever cannot wait
   * for {@link #run} to end, or wants to be sure.
   */
  public void discard() {
    isStopped = true;
    Scratch made = scratch;
    if (made != null) {
      try (ScratchServer way = new ScratchServer(settings.server())) {
        made.discard(way);
      }
    }
  }

  private void requireGoingOn() throws InterruptedException {
    if (isStopped) {
      throw new InterruptedException("told to stop");
    }
  }

  private interface Part {
    void run() throws SQLException, InterruptedException;
  }

  private void timed(String name, Part part) throws SQLException, InterruptedException {
    long began = System.nanoTime();
    part.run();
    took.put(name, Duration.ofNanos(System.nanoTime() - began));
  }

  private String seconds(String part) {
    return "%.1f s".formatted(took.getOrDefault(part, Duration.ZERO).toMillis() / 1000.0);
  }
}
