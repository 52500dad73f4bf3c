package dev.banyan.move.mover;

import dev.banyan.control.Extraction;
import dev.banyan.control.Phase;
import dev.banyan.control.client.Owner;
import dev.banyan.move.check.Finding;
import dev.banyan.move.cutover.Dependents;
import dev.banyan.move.cutover.FenceTriggers;
import dev.banyan.move.cutover.Replication;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.ObjectNames;
import dev.banyan.move.database.Sql;
import dev.banyan.move.mover.Retirement.Fate;
import dev.banyan.move.plan.Durations;
import dev.banyan.move.plan.TablePlan;
import dev.banyan.move.verify.KeySets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Ends an extraction, one way or the other, and takes away what it made. */
final class Ending {

  private static final Duration CAUGHT_UP_WITHIN = Duration.ofSeconds(60);

  private static final Duration LOCK_TIMEOUT = Duration.ofMillis(300);
  private static final Duration READS_BACK_WITHIN = Duration.ofSeconds(5);

  private final Session session;

  Ending(Session session) {
    this.session = session;
  }

  /**
   * Completes: the monolith's copy stops following, and once nobody has used it for a while it goes where nobody finds it.
   *
   * @param fate what becomes of the former tables
   * @throws Refused if somebody still uses them; the monolith's copy follows again
   */
  Map<String, ?> complete(Fate fate) throws SQLException, InterruptedException, TimeoutException {
    requirePhase("complete", session.record().phase() == Phase.WRITES_SWITCHED, "WRITES_SWITCHED");
    if (fate != Fate.KEEP) {
      requireNoDependents();
    }
    new Retirement(session.space(), session.listener()::say).rehearse(fate);
    boolean following = session.halted().isEmpty();
    if (following) {
      session.follower().awaitCaughtUp(CAUGHT_UP_WITHIN);
    }
    session.stopFollowing();
    if (fate != Fate.KEEP) {
      requireQuiet(following);
    }
    FormerUse use = new FormerUse(session.space());
    Map<String, Object> outcome = new LinkedHashMap<>();
    use.sinceTheSwitch().ifPresent(counted -> outcome.put("used", counted.asMap()));
    String used = use.told().map(" "::concat).orElse("");
    Extraction completed = session.control().advance(session.record(), Phase.COMPLETED, Map.of("tables", fate.name()));
    session.record(completed);
    finish();
    outcome.put("message", "Module '%s' is the service's for good. %s%s".formatted(session.space().module(), told(fate), used));
    outcome.put("phase", completed.phase().name());
    outcome.put("tables", fate.name().toLowerCase(Locale.ROOT));
    return outcome;
  }

  private void requireNoDependents() {
    List<String> dependents = Dependents.of(session.space().monolith(),
        session.space().plan().tables().stream().map(TablePlan::source).toList());
    if (!dependents.isEmpty()) {
      throw new Refused(("complete of '%s' refused: these depend on the former tables, which nothing writes any more: %s."
          + " Change them, or leave the tables where they are with --keep.")
          .formatted(session.space().module(), String.join(", ", dependents)));
    }
  }

  private void requireQuiet(boolean following) throws SQLException, InterruptedException {
    Duration quietFor = session.space().plan().limits().quietFor();
    session.listener().say("Watching for %s whether anybody still uses the monolith's former tables.".formatted(Durations.text(quietFor)));
    Optional<String> seen = new QuietWatch(session.space()).watch(quietFor);
    if (seen.isPresent()) {
      if (following) {
        session.startFollowing();
      }
      throw new Refused("complete of '%s' refused: somebody still uses the monolith's former tables.".formatted(session.space().module()),
          List.of(new Finding("former tables", seen.get(), "none for " + Durations.text(quietFor),
              "Find who reads them (pg_stat_activity), or leave the tables where they are: banyan complete %s --keep"
                  .formatted(session.space().plan().file()))));
    }
  }

  private String told(Fate fate) {
    String schemas = new Retirement(session.space(), session.listener()::say).schemas().stream().map(Sql::identifier).collect(Collectors.joining(", "));
    return switch (fate) {
      case KEEP -> "The monolith's former tables stay, fenced, until you drop them.";
      case RETIRE -> "The monolith's former tables are in %1$s; when you need them no more: drop schema %1$s cascade".formatted(schemas);
      case DROP -> "The monolith's former tables are dropped.";
    };
  }

  /** Cancels: the monolith keeps the module, and the service's tables are emptied unless their rows are to stay. */
  Map<String, ?> cancel(boolean keepData) throws SQLException, InterruptedException {
    requirePhase("cancel", session.record().phase().mayBecome(Phase.CANCELLED), "one before WRITES_SWITCHED");
    requireKept(keepData);
    session.stopCopying();
    takeReadsBack();
    session.stopFollowing();
    Extraction cancelled = session.control().advance(session.record(), Phase.CANCELLED, Map.of("keepData", keepData));
    session.record(cancelled);
    List<String> notBuilt = finish();
    return Map.of("message", "The move of module '%s' is cancelled; the monolith owns it.%s".formatted(session.space().module(),
        notBuilt.stream().map(" "::concat).collect(Collectors.joining())), "phase", cancelled.phase().name());
  }

  private void requireKept(boolean keepData) {
    if (!keepData && session.control().lossOf(session.space().module()).isPresent()) {
      throw new Refused(("cancel of '%s' refused: the service's rows may be the only ones with its last changes, and would be emptied."
          + " Leave them: banyan cancel %s --keep-data").formatted(session.space().module(), session.space().plan().file()));
    }
  }

  /** Nobody may read the service's tables any more when they are emptied. */
  private void takeReadsBack() throws InterruptedException {
    if (session.record().phase() != Phase.READS_SWITCHED) {
      return;
    }
    session.record(session.control().routeReads(session.record(), 0));
    long deadline = System.nanoTime() + READS_BACK_WITHIN.toNanos();
    while (!session.space().proxies().behind(session.space().module(), session.record().routeVersion()).isEmpty()
        && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
  }

  /**
   * Takes away what an ended move has made; may be broken off and done again.
   *
   * @return what could not be put back, in sentences
   */
  List<String> finish() throws SQLException, InterruptedException {
    Extraction ended = session.record();
    tellOfTheServiceLeft(ended);
    takeStreamAway();
    new KeySets(session.link()).forgetAll();
    session.space().differences().forget(session.space().module());
    session.space().pauses().forget(session.space().module());
    List<String> notBuilt = ended.phase() == Phase.CANCELLED ? new CopyUndoing(session).undo() : List.of();
    new FenceTriggers(session.link(), Owner.SERVICE).remove(ended.epoch(), LOCK_TIMEOUT);
    Fate fate = ended.phase() == Phase.CANCELLED ? Fate.KEEP : fate();
    if (fate != Fate.KEEP) {
      // Where somebody has the locks, the next session tries again.
      new Retirement(session.space(), session.listener()::say).carryOut(ended, fate);
    }
    if (ended.phase() == Phase.CANCELLED || fate != Fate.KEEP) {
      new FenceTriggers(session.link(), Owner.MONOLITH).remove(ended.epoch(), LOCK_TIMEOUT);
    }
    if (ended.phase() == Phase.CANCELLED) {
      session.control().forgetPlan(ended);
    }
    dropSchemaOfService();
    session.control().record(ended, "cleaned", notBuilt.isEmpty() ? Map.of() : Map.of("notBuilt", notBuilt));
    return notBuilt;
  }

  /** What it made on a server that did not answer then, and is none of this plan's now, nobody here can take away. */
  private void tellOfTheServiceLeft(Extraction ended) {
    if (ended.phase() == Phase.CANCELLED) {
      session.control().cancelledWithout(ended.module()).filter(left -> !left.equals(session.space().service().address().masked()))
          .ifPresent(left -> session.listener().say(("The move was cancelled while %s did not answer. Should it come back, take away there:"
              + " triggers %s, publication %s, slot %s, schema banyan.").formatted(left, ObjectNames.FENCE,
              ObjectNames.publication(ended.module()), ObjectNames.slot(ended.module(), Owner.SERVICE))));
    }
  }

  /** As it was said when the move was completed; an earlier version left the tables where they were. */
  private Fate fate() {
    return session.control().completedWith(session.space().module()).map(Fate::valueOf).orElse(Fate.KEEP);
  }

  private void takeStreamAway() throws InterruptedException {
    for (Owner side : Owner.values()) {
      Replication replication = new Replication(session.link(), side);
      replication.dropSlot();
      replication.unpublish();
    }
  }

  /** The service's schema goes with the last module that used it. */
  private void dropSchemaOfService() {
    Database service = session.link().service();
    service.jdbi().useTransaction(handle -> {
      // Another module's mover may be about to move in.
      handle.execute("lock table banyan.side in access exclusive mode");
      boolean inUse = handle.createQuery("select exists (select from banyan.side)").mapTo(Boolean.class).one();
      boolean hasPlane = handle.createQuery("select to_regclass('banyan.extraction') is not null").mapTo(Boolean.class).one();
      if (!inUse && !hasPlane) {
        handle.execute("drop schema banyan cascade");
      }
    });
  }

  private void requirePhase(String verb, boolean legal, String needed) {
    if (!legal) {
      throw new Refused("%s of '%s' refused: the phase is %s, needed: %s.".formatted(verb, session.space().module(),
          session.record().phase(), needed));
    }
  }
}
