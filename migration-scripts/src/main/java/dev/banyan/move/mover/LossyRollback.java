package dev.banyan.move.mover;

import dev.banyan.control.Extraction;
import dev.banyan.control.Phase;
import dev.banyan.control.Progress.LastContact;
import dev.banyan.control.client.Owner;
import dev.banyan.move.check.Checker;
import dev.banyan.move.check.Finding;
import dev.banyan.move.cutover.FenceTriggers;
import dev.banyan.move.cutover.LossyTurn;
import dev.banyan.move.database.Catalog;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.MovedTable;
import dev.banyan.move.database.MovedTable.Pair;
import dev.banyan.move.database.TableShape;
import dev.banyan.move.plan.TablePlan;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Goes back to the monolith where the service's database does not answer and will not soon. No mover can do this: it waits
 * for both databases. So it is done here, under the mover's lock.
 */
public final class LossyRollback {

  private final Workspace space;

  /** Creates it for one plan. */
  public LossyRollback(Workspace space) {
    this.space = space;
  }

  /**
   * Goes back.
   *
   * @param accepted how many bytes of the service's log may be lost, as far as that is known
   * @return what was known of the loss, and the record's owner and phase
   * @throws Refused if the service answers, a mover has the move, or more would be lost; nothing has changed
   */
  public Map<String, Object> run(long accepted) throws SQLException, InterruptedException {
    requireServiceAway();
    Extraction record = space.control().get(space.module());
    requireBegun(record);
    LastContact contact = space.progress().lastContact(space.module()).orElseThrow(() -> new Refused(
        "Rollback of '%s' refused: nothing is known of what the monolith lacks; no mover has ever reached the service.".formatted(space.module())));
    requireAccepted(contact, accepted);
    try (MoverLock lock = MoverLock.take(space.monolith(), space.module())) {
      lock.requireHeld();
      Map<String, Object> known = known(contact);
      Extraction taken = space.control().takeOver(space.module());
      space.control().record(taken, "rollback.lossy", known);
      Extraction after = new LossyTurn(monolithAlone(), space.control(), space.proxies(), space.plan().limits()).run(taken, known);
      return answer(after, known);
    } finally {
      space.progress().gone(space.module(), Optional.empty());
    }
  }

  private void requireServiceAway() {
    Checker checker = space.checker();
    if (checker.isReachable()) {
      throw new Refused("Rollback of '%s' with loss refused: both databases answer. `banyan rollback %s` loses nothing."
          .formatted(space.module(), space.plan().file()));
    }
    if (checker.found().stream().anyMatch(finding -> finding.condition().endsWith(Owner.MONOLITH.word()))) {
      throw new Refused("Rollback of '%s' with loss refused:".formatted(space.module()), checker.found());
    }
  }

  private void requireBegun(Extraction record) throws SQLException {
    boolean brokenOff = record.owner() == Owner.MONOLITH && record.phase() == Phase.IN_SYNC
        && !new FenceTriggers(monolithAlone(), Owner.MONOLITH).isLowered();
    if (record.phase() != Phase.WRITES_SWITCHED && !brokenOff) {
      throw new Refused("Rollback of '%s' with loss refused: the phase is %s, needed: WRITES_SWITCHED.".formatted(space.module(), record.phase()));
    }
  }

  private void requireAccepted(LastContact contact, long accepted) {
    if (accepted < contact.lagBytes()) {
      throw new Refused("Rollback of '%s' with loss refused:".formatted(space.module()), List.of(new Finding("loss",
          "%d bytes of the service's log were not applied when it was reached last, %s ago at %s; what it has committed since is lost as well and not known"
              .formatted(contact.lagBytes(), ago(contact.at()), contact.at()), "at most %d bytes".formatted(accepted),
          "See that nobody can write to the service any more, then: banyan rollback %s --accept-loss %d".formatted(space.plan().file(), contact.lagBytes()))));
    }
  }

  private static String ago(Instant at) {
    return Duration.between(at, Instant.now()).toSeconds() + " s";
  }

  private static Map<String, Object> known(LastContact contact) {
    Map<String, Object> known = new LinkedHashMap<>();
    known.put("lostBytes", contact.lagBytes());
    known.put("lastContact", contact.at().toString());
    return known;
  }

  private Map<String, Object> answer(Extraction after, Map<String, Object> known) {
    Map<String, Object> answer = new LinkedHashMap<>(known);
    answer.put("message", ("The monolith owns module '%s' again, without what the service had not sent. Let nobody write to the service until a mover "
        + "runs and has fenced it; then end the move with `banyan cancel %s --keep-data`, which leaves the service's rows to be compared by hand.")
        .formatted(space.module(), space.plan().file()));
    answer.put("module", space.module());
    answer.put("owner", after.owner().word());
    answer.put("phase", after.phase().name());
    return answer;
  }

  /** A link whose other half nobody may use: the service's shapes are not to be had. */
  private Link monolithAlone() {
    List<MovedTable> tables = space.plan().tables().stream().map(TablePlan::source)
        .map(name -> space.monolith().jdbi().withHandle(handle -> Catalog.table(handle, name)))
        .flatMap(Optional::stream).map(LossyRollback::alone).toList();
    return space.link(tables);
  }

  private static MovedTable alone(TableShape shape) {
    return new MovedTable(shape, shape, shape.columns().stream().map(column -> new Pair(column, column)).toList(), Optional.empty());
  }
}
