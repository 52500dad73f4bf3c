package dev.banyan.move.mover;

import dev.banyan.control.Extraction;
import dev.banyan.control.Intents;
import dev.banyan.control.Intents.Intent;
import dev.banyan.control.Intents.State;
import dev.banyan.control.Phase;
import dev.banyan.control.client.Owner;
import dev.banyan.move.check.Finding;
import dev.banyan.move.cutover.Readiness;
import dev.banyan.move.cutover.Switch;
import dev.banyan.move.cutover.SwitchCancelledException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Carries out what users ask of the mover, and writes down how it ended. */
final class IntentDesk {

  private static final Duration LAG_PASSES_WITHIN = Duration.ofSeconds(10);

  private final Session session;

  IntentDesk(Session session) {
    this.session = session;
  }

  void carryOut(Intent intent) throws SQLException, InterruptedException {
    session.listener().say("Asked for: %s.".formatted(intent.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ')));
    try {
      end(intent, State.DONE, outcomeOf(intent));
    } catch (Refused e) {
      end(intent, State.REFUSED, Map.of("message", e.getMessage(), "unmet", e.unmet()));
    } catch (SwitchCancelledException e) {
      end(intent, State.FAILED, Map.of("message", e.getMessage()));
      e.requireCertain();
    } catch (TimeoutException e) {
      end(intent, State.FAILED, Map.of("message", "Not done in time: " + e.getMessage()));
    } catch (SQLException | RuntimeException e) {
      // What passes ends with the next session, and so does what a successor has: it knows how far it came. Whoever asked
      // must not wait for the rest.
      if (!Failures.mayPass(e) && !Failures.isOvertaken(e)) {
        endFailed(intent, e);
      }
      throw e;
    }
  }

  private void endFailed(Intent intent, Exception failure) {
    try {
      end(intent, State.FAILED, Map.of("message", Failures.message(failure)));
    } catch (RuntimeException again) {
      failure.addSuppressed(again);
    }
  }

  private void end(Intent intent, State state, Map<String, ?> outcome) {
    session.space().intents().end(intent, state, outcome);
    if (state != State.DONE) {
      session.listener().say("%s: %s".formatted(state == State.REFUSED ? "Refused" : "Failed", outcome.get("message")));
    }
  }

  /** Ends what a mover that is gone had begun; the record tells how far it came. */
  void endInterrupted(Intent intent, Extraction record) {
    boolean done = switch (intent.kind()) {
      case SWITCH_WRITES -> record.owner() == Owner.SERVICE;
      case ROLLBACK -> record.owner() == Owner.MONOLITH && record.phase() != Phase.READS_SWITCHED;
      case COMPLETE -> record.phase() == Phase.COMPLETED;
      case CANCEL -> record.phase() == Phase.CANCELLED;
      case SWITCH_READS, VERIFY -> false;
    };
    session.space().intents().end(intent, done ? State.DONE : State.FAILED, Map.of(
        "message", done
            ? "The mover was restarted and carried on; the %s owns.".formatted(record.owner().word())
            : "The mover was restarted; the %s owns, as before. Ask again.".formatted(record.owner().word()),
        "owner", record.owner().word(), "phase", record.phase().name()));
  }

  private Map<String, ?> outcomeOf(Intent intent) throws SQLException, InterruptedException, TimeoutException {
    if (intent.kind() != Intents.Kind.CANCEL && intent.kind() != Intents.Kind.COMPLETE) {
      requireNotHalted();
    }
    return switch (intent.kind()) {
      case VERIFY -> verify(intent);
      case SWITCH_READS -> switchReads(((Number) Objects.requireNonNull(intent.argument().get("percent"))).intValue());
      case SWITCH_WRITES -> switchWrites(intent);
      case ROLLBACK -> rollback(intent);
      case COMPLETE -> new Ending(session).complete(Retirement.Fate.valueOf(String.valueOf(intent.argument().getOrDefault("tables", "RETIRE"))));
      case CANCEL -> new Ending(session).cancel(Boolean.TRUE.equals(intent.argument().get("keepData")));
    };
  }

  private Map<String, ?> verify(Intent intent) throws SQLException, InterruptedException, TimeoutException {
    requireFollowing("Verification");
    try {
      return new Verification(session, intent).run();
    } catch (SQLException e) {
      if (Failures.mayPass(e)) {
        throw e;
      }
      // A question that a server does not answer is no reason for the stream to end.
      throw new Refused("Verification of '%s' could not be carried out: %s".formatted(session.space().module(), Failures.message(e)));
    }
  }

  private Map<String, ?> switchReads(int percent) throws InterruptedException {
    Extraction record = session.record();
    requirePhase("Switch of reads", Phase.IN_SYNC, Phase.READS_SWITCHED);
    if (session.space().plan().routes().isEmpty()) {
      throw new Refused("Switch of reads of '%s' refused: the plan has no routes, only data moves. Next: banyan switch writes %s"
          .formatted(session.space().module(), session.space().plan().file()));
    }
    if (percent > 0) {
      refuseIf("Switch of reads of '%s' refused:", () -> readiness().ofReads(record, session.link()));
    }
    session.record(session.control().routeReads(record, percent));
    session.listener().say("%d %% of the reads go to the service.".formatted(percent));
    return Map.of("message", "%d %% of the reads go to the service.".formatted(percent), "percent", percent,
        "phase", session.record().phase().name());
  }

  private Map<String, ?> switchWrites(Intent intent) throws SQLException, InterruptedException, TimeoutException {
    requirePhase("Switch of writes", Phase.IN_SYNC, Phase.READS_SWITCHED);
    refuseIf("Switch of writes of '%s' refused:", session::inTheWay);
    refuseIf("Switch of writes of '%s' refused:", () -> readiness().ofSwitch(session.record(), session.link()));
    new Verification(session, intent).beforeSwitch();
    return turn(intent);
  }

  private Map<String, ?> rollback(Intent intent) throws SQLException, InterruptedException, TimeoutException {
    if (session.record().phase() == Phase.READS_SWITCHED) {
      return switchReads(0);
    }
    requirePhase("Rollback", Phase.READS_SWITCHED, Phase.WRITES_SWITCHED);
    refuseIf("Rollback of '%s' refused:", session::inTheWay);
    boolean unproven = Boolean.TRUE.equals(intent.argument().get("unproven"));
    refuseIf("Rollback of '%s' refused:", () -> readiness().ofRollback(session.record(), session.link(), unproven));
    new Verification(session, intent).beforeSwitch();
    return turn(intent);
  }

  private Map<String, ?> turn(Intent intent) throws SQLException, InterruptedException {
    Switch.Switched switched = new Switch(session.link(), session.control(), session.space().proxies(),
        session.space().certificates(), session.space().plan().limits(), session.gate())
        .run(session.record(), session.follower(), new Switch.Wish(
            Boolean.TRUE.equals(intent.argument().get("terminateBlockers")), new Verification(session, intent)::shortly));
    session.record(switched.record());
    session.follower(switched.follower());
    String owner = switched.record().owner().word();
    session.listener().say("The %s owns now; writes were held for %.1f ms.".formatted(owner, switched.report().pauseMillis()));
    Map<String, Object> outcome = new LinkedHashMap<>(switched.report().asMap());
    outcome.put("message", "The %s owns module '%s' now.".formatted(owner, session.space().module()));
    outcome.put("owner", owner);
    outcome.put("phase", switched.record().phase().name());
    return outcome;
  }

  private Readiness readiness() {
    return new Readiness(session.space().plan(), session.space().progress(), session.space().proxies(), session.space().certificates());
  }

  private void requireNotHalted() {
    session.halted().ifPresent(reason -> {
      throw new Refused("The move of module '%s' is halted: %s Only `cancel`, or `complete` after the switch of writes, can be asked for."
          .formatted(session.space().module(), reason.endsWith(".") ? reason : reason + "."));
    });
  }

  /** A lag may be over in a moment, a verification for instance holds the stream up; everything else is refused at once. */
  private void refuseIf(String message, Supplier<List<Finding>> conditions) throws InterruptedException {
    long deadline = System.nanoTime() + LAG_PASSES_WITHIN.toNanos();
    List<Finding> unmet = conditions.get();
    while (!unmet.isEmpty() && unmet.stream().allMatch(Readiness::mayPass) && System.nanoTime() < deadline) {
      Thread.sleep(100);
      unmet = conditions.get();
    }
    if (!unmet.isEmpty()) {
      throw new Refused(message.formatted(session.space().module()), unmet);
    }
  }

  private void requireFollowing(String verb) {
    if (!session.record().phase().isFollowing()) {
      refusePhase(verb, "a phase from IN_SYNC to WRITES_SWITCHED");
    }
  }

  private void requirePhase(String verb, Phase... allowed) {
    if (!List.of(allowed).contains(session.record().phase())) {
      refusePhase(verb, String.join(" or ", List.of(allowed).stream().map(Phase::name).toList()));
    }
  }

  private void refusePhase(String verb, String allowed) {
    throw new Refused("%s of '%s' refused: the phase is %s, needed: %s.".formatted(verb, session.space().module(),
        session.record().phase(), allowed));
  }
}
