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

  // Somebody may hold it for the moment in which both databases answer again, a doctor for instance.
  private static final Duration LOCKED_WITHIN = Duration.ofSeconds(30);
  // The server needs a moment to see that a mover was killed; whoever starts it again does not wait for that.
  private static final Duration LET_GO_WITHIN = Duration.ofSeconds(3);

  private final Workspace space;
  private final MoverListener listener;
  private final StepGate gate;
  private final boolean again;

  /** Creates the take-over by a mover that begins, or, {@code again}, by one that was interrupted. */
  TakeOver(Workspace space, MoverListener listener, StepGate gate, boolean again) {
    this.space = space;
    this.listener = listener;
    this.gate = gate;
    this.again = again;
  }

  /**
   * Takes over.
   *
   * @throws Refused if another mover runs, something stands in the way, or the move has ended; nothing has changed
   * @throws SQLException if a database does not answer and the mover has begun, so that it waits for it
   */
  Session open() throws SQLException, InterruptedException {
    return take(true).orElseThrow();
  }

  /**
   * Takes a move over that has begun, and begins none: whoever had it may have ended it while its lock was waited for.
   *
   * @return empty where nothing is left to take over; nothing has changed then
   * @throws Refused as {@link #open} does
   */
  Optional<Session> openBegun() throws SQLException, InterruptedException {
    return take(false);
  }

  private Optional<Session> take(boolean begins) throws SQLException, InterruptedException {
    Checker reaching = space.checker();
    reaching.isReachable();
    requireReached(reaching);
    MoverLock lock = MoverLock.take(space.monolith(), space.module(), again ? LOCKED_WITHIN : LET_GO_WITHIN);
    try {
      if (!begins && !isUnderWay()) {
        lock.close();
        return Optional.empty();
      }
      Optional<Extraction> begun = begun().filter(record -> record.phase() != Phase.PLANNED);
      Checked checked = check(begun);
      install();
      if (begun.isEmpty()) {
        register(checked);
      }
      endReaders();
      Extraction record = space.control().takeOver(space.module());
      return Optional.of(new Session(space, listener, gate, lock, new Lifeline(space.service()), checked, record));
    } catch (SQLException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** It may be away again right after it has answered. */
  private void requireReached(Checker checker) throws SQLException {
    if (!checker.hasReachedBoth()) {
      Refused refused = new Refused("Module '%s' cannot be moved:".formatted(space.module()), checker.found());
      if (again) {
        throw new SQLException(refused.getMessage(), "08001");
      }
      throw refused;
    }
  }

  private boolean isUnderWay() {
    Optional<Extraction> record = space.control().isInstalled() ? space.control().find(space.module()) : Optional.empty();
    return record.filter(found -> !found.phase().isEnded() || !space.control().isCleaned(space.module())).isPresent();
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

  private Checked check(Optional<Extraction> begun) throws SQLException {
    Checker checker = space.checker();
    Checked checked = begun.isEmpty() ? checker.beforeTheMove()
        : begun.get().phase().isEnded() ? checker.ofTables() : checker.duringTheMove();
    requireReached(checker);
    // A move that has begun can be halted, and cancelled; nothing else could be asked of a mover that is not there.
    if (!checked.isClear() && (begun.isEmpty() || checker.isPlanChanged())) {
      throw new Refused("Module '%s' cannot be moved:".formatted(space.module()), checked.findings());
    }
    return checked;
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
