package dev.banyan.move.mover;

import dev.banyan.control.ControlSchema;
import dev.banyan.control.Extraction;
import dev.banyan.control.Phase;
import dev.banyan.control.Registration;
import dev.banyan.control.client.Owner;
import dev.banyan.move.check.Checked;
import dev.banyan.move.check.Checker;
import dev.banyan.move.cutover.Replication;
import dev.banyan.move.cutover.protocol.StepGate;
import dev.banyan.move.database.Lifeline;
import dev.banyan.move.database.Link;
import dev.banyan.move.plan.Plan;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Opens a {@link Session}: takes the lock, checks, registers a move that is new, and fences off whoever had it before. */
final class TakeOver {

  private final Workspace space;
  private final MoverListener listener;
  private final StepGate gate;

  TakeOver(Workspace space, MoverListener listener, StepGate gate) {
    this.space = space;
    this.listener = listener;
    this.gate = gate;
  }

  /**
   * Takes over.
   *
   * @param lockedWithin how long another one is waited for that has the lock
   * @throws Refused if another mover runs, something stands in the way, or the move has ended; nothing has changed
   */
  Session open(Duration lockedWithin) throws SQLException, InterruptedException {
    requireReachable();
    MoverLock lock = MoverLock.take(space.monolith(), space.module(), lockedWithin);
    try {
      Optional<Extraction> begun = begun().filter(record -> record.phase() != Phase.PLANNED);
      Checked checked = check(begun);
      install();
      if (begun.isEmpty()) {
        register(checked);
      }
      endReaders();
      Extraction record = space.control().takeOver(space.module());
      return new Session(space, listener, gate, lock, new Lifeline(space.service()), checked, record);
    } catch (SQLException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private void requireReachable() {
    Checker checker = space.checker();
    if (!checker.isReachable()) {
      throw new Refused("Module '%s' cannot be moved:".formatted(space.module()), checker.found());
    }
  }

  /** An ending that was broken off is finished first, whichever it was. */
  private Optional<Extraction> begun() {
    Optional<Extraction> earlier = space.control().isInstalled() ? space.control().find(space.module()) : Optional.empty();
    boolean cleaned = earlier.isEmpty() || space.control().isCleaned(space.module());
    if (cleaned && earlier.filter(record -> record.phase() == Phase.COMPLETED).isPresent()) {
      throw new Refused("Module '%s' has been completed; there is nothing left to run.".formatted(space.module()));
    }
    return earlier.filter(record -> record.phase() != Phase.CANCELLED || !cleaned);
  }

  private Checked check(Optional<Extraction> begun) {
    Checker checker = space.checker();
    Checked checked = begun.isEmpty() ? checker.beforeTheMove()
        : begun.get().phase().isEnded() ? checker.ofTables() : checker.duringTheMove();
    if (!checked.isClear() && !(begun.isPresent() && mayBeHalted(checker))) {
      throw new Refused("Module '%s' cannot be moved:".formatted(space.module()), checked.findings());
    }
    return checked;
  }

  /**
   * A move that has begun can be halted, and cancelled; nothing else could be asked of a mover that is not there. But
   * without its tables nothing may be settled.
   */
  private static boolean mayBeHalted(Checker checker) {
    return checker.hasReachedBoth() && !checker.isPlanChanged();
  }

  private void register(Checked checked) {
    Plan plan = space.plan();
    List<Registration.Table> tables = checked.tables().stream()
        .map(table -> new Registration.Table(table.monolith().name().toString(), table.service().name().toString(),
            table.monolith().estimatedRows()))
        .toList();
    List<Registration.Route> routes = plan.routes().stream()
        .map(route -> new Registration.Route(route.path(), route.methods(), route.kind())).toList();
    space.control().register(new Registration(plan.module(), plan.monolith().url(), plan.service().url(),
        plan.limits().maxPause(), plan.moving(), tables, routes));
  }

  private void install() {
    ControlSchema.installPlane(space.monolith().dataSource());
    ControlSchema.installSide(space.service().dataSource());
    ControlSchema.installSide(space.monolith().dataSource());
  }

  private void endReaders() {
    Link link = space.link(List.of());
    for (Owner side : Owner.values()) {
      new Replication(link, side).endReader();
    }
  }
}
