package dev.banyan.move.mover;

import dev.banyan.control.Intents.Intent;
import dev.banyan.control.client.Owner;
import dev.banyan.move.check.Finding;
import dev.banyan.move.verify.ChangedSince;
import dev.banyan.move.verify.RepairRefusedException;
import dev.banyan.move.verify.TableResult;
import dev.banyan.move.verify.UnprovableException;
import dev.banyan.move.verify.Verifier;
import dev.banyan.move.verify.VerifyReport;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A verification that somebody has asked for, or that a switch needs before it holds anything up. */
final class Verification {

  private static final Logger LOG = LoggerFactory.getLogger(Verification.class);
  // So few are compared within some milliseconds, while writes are held.
  private static final long FEW_KEYS = 500;
  private static final long VERY_FEW_KEYS = 50;
  // Where more are written than are compared in the same time, it would go on for ever.
  private static final int ROUNDS = 3;

  private final Session session;
  private final Intent intent;

  Verification(Session session, Intent intent) {
    this.session = session;
    this.intent = intent;
  }

  /** Verifies as the intent says, repairs where it says so, and returns what is answered. */
  Map<String, ?> run() throws SQLException, InterruptedException, TimeoutException {
    session.space().differences().forget(session.space().module());
    Verifier verifier = verifier();
    VerifyReport report = isAsked("changed") ? changed(verifier, tables()) : verifier.compareAll(tables());
    Map<String, Object> outcome = VerifyOutcome.of(report);
    note("verified", report);
    if (isAsked("repair") && !report.isEqual()) {
      outcome.putAll(repair(verifier, report));
    }
    session.space().certificates().report(session.record(), String.valueOf(outcome.get("position")),
        Boolean.TRUE.equals(outcome.get("equal")), outcome);
    return outcome;
  }

  /** Compares what has changed, unless it is so little that the switch can do so while writes are held. */
  void beforeSwitch() throws SQLException, InterruptedException, TimeoutException {
    compareUnless(FEW_KEYS);
  }

  /** The same again and again, for the last time before writes are held. */
  void shortly() throws SQLException, InterruptedException, TimeoutException {
    try {
      for (int round = 0; round < ROUNDS && compareUnless(VERY_FEW_KEYS); round++) {
        LOG.debug("compared what has changed, for the time {}", round + 1);
      }
    } catch (TimeoutException e) {
      // Somebody's transaction keeps a snapshot from coming about; more is left to prove while writes are held, that is all.
      LOG.debug("not compared before the hold: {}", e.getMessage());
    }
  }

  private boolean compareUnless(long few) throws SQLException, InterruptedException, TimeoutException {
    List<ChangedSince> changed = ChangedSince.of(session.link(), session.record().owner(),
        session.space().certificates().ofTables(session.space().module()));
    List<String> tables = changed.stream().filter(table -> table.unprovable().isEmpty()).map(ChangedSince::table).toList();
    if (changed.stream().mapToLong(ChangedSince::keys).sum() <= few || tables.isEmpty()) {
      return false;
    }
    VerifyReport report = changed(verifier(), tables);
    note("verified", report);
    if (!report.isEqual()) {
      throw new Refused("Both sides of '%s' differ in %d of the rows that have changed since the certificate. See which: banyan verify %s"
          .formatted(session.space().module(), report.differing(), session.space().plan().file()));
    }
    return true;
  }

  private VerifyReport changed(Verifier verifier, List<String> tables) throws SQLException, InterruptedException, TimeoutException {
    try {
      return verifier.compareChanged(tables);
    } catch (UnprovableException e) {
      throw new Refused("Comparing what has changed would not prove module '%s':".formatted(session.space().module()), unprovable(e));
    }
  }

  private List<Finding> unprovable(UnprovableException e) {
    return e.tables().stream().map(table -> new Finding("certificate of " + table.table(), table.unprovable().orElse(""),
        "one with every key that has changed since", "Run: banyan verify %s --table '%s'".formatted(
            session.space().plan().file(), table.table()))).toList();
  }

  private Map<String, Object> repair(Verifier verifier, VerifyReport found) throws SQLException, InterruptedException, TimeoutException {
    for (TableResult table : found.tables()) {
      if (table.differing() > table.differences().size()) {
        throw new Refused("%,d rows of %s differ; at most %,d are repaired. Cancel the move and copy anew."
            .formatted(table.differing(), table.name(), table.differences().size()));
      }
    }
    session.control().record(session.record(), "repairing", Map.of("tables", VerifyOutcome.keys(found)));
    try {
      VerifyReport proven = verifier.repair(found);
      note("repaired", proven);
      return VerifyOutcome.ofRepair(found, proven);
    } catch (UnprovableException e) {
      throw new Refused("The rows of '%s' were repaired, but have to be compared anew:".formatted(session.space().module()), unprovable(e));
    } catch (RepairRefusedException e) {
      throw new Refused("The rows of '%s' were not repaired, nothing was changed: %s".formatted(session.space().module(), e.getMessage()));
    }
  }

  private Verifier verifier() {
    return new Verifier(session.link(), session.follower(), session.record(), session.space().certificates(),
        new Verifier.Settings(session.space().plan().limits().verifyJobs(), this::tell,
            Optional.of(session.space().differences()).filter(anything -> isAsked("details"))));
  }

  private void tell(String progress) {
    session.logWatch().requireTime();
    try {
      session.space().intents().tell(intent.id(), progress);
    } catch (RuntimeException e) {
      LOG.debug("progress not told: {}", e.toString());
    }
  }

  private List<String> tables() {
    List<String> all = session.link().names(Owner.MONOLITH).stream().map(Object::toString).toList();
    List<String> asked = intent.argument().get("tables") instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
    List<String> unknown = asked.stream().filter(table -> !all.contains(table)).toList();
    if (!unknown.isEmpty()) {
      throw new Refused("The plan of module '%s' moves no table %s; it moves %s, by their names in the monolith.".formatted(
          session.space().module(), String.join(", ", unknown), String.join(", ", all)));
    }
    return asked.isEmpty() ? all : asked;
  }

  private boolean isAsked(String what) {
    return Boolean.TRUE.equals(intent.argument().get(what));
  }

  private void note(String event, VerifyReport report) {
    session.control().record(session.record(), event, Map.of("equal", report.isEqual(), "changedOnly", report.changedOnly(),
        "position", report.position().toString(), "rows", report.rows(), "differing", report.differing()));
    session.listener().say("%s at %s: %,d rows, %s.".formatted(event.equals("repaired") ? "Repaired and verified" : "Verified",
        report.position(), report.rows(), report.isEqual() ? "all equal" : "both sides DIFFER"));
  }
}
