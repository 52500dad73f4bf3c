package dev.banyan.move.rehearsal;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.DatabaseAddress;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.plan.Plan;
import dev.banyan.move.plan.SidePlan;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The two empty databases of one rehearsal. Closing drops them with all that is in them; so does {@link #discard}, which
 * another thread may call while the databases are in use.
 */
final class Scratch implements AutoCloseable {

  /** The pause is measured, not cut short, and compared with what the plan allows afterwards. */
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final ScratchServer server;
  private final ScratchName name;
  private final RehearsalLock lock;
  private boolean isEnded;
  private boolean isGone;

  private Scratch(ScratchServer server, ScratchName name, RehearsalLock lock) {
    this.server = server;
    this.name = name;
    this.lock = lock;
  }

  /** Takes a new name and its lock; there is no database yet. */
  static Scratch begin(ScratchServer server, String module) throws SQLException {
    ScratchName name = ScratchName.fresh(module);
    return new Scratch(server, name, RehearsalLock.take(server, name).orElseThrow());
  }

  /** Creates both databases, unless they have been discarded already. */
  synchronized void create() {
    for (Owner side : Owner.values()) {
      if (!isEnded) {
        server.create(name.database(side));
      }
    }
  }

  /** Returns what both databases are called, for people. */
  String pattern() {
    return name.database(Owner.MONOLITH).replaceFirst("monolith$", "…");
  }

  /** Returns where the copy of one side is. */
  DatabaseAddress address(Owner side) {
    return server.address(name.database(side));
  }

  /** Opens the copy of one side. */
  Database open(Owner side) {
    return new Database(address(side));
  }

  /** Returns where an application would connect, by side. */
  Map<Owner, DatabaseAddress> addresses() {
    return Map.of(Owner.MONOLITH, address(Owner.MONOLITH), Owner.SERVICE, address(Owner.SERVICE));
  }

  /** Returns the plan between the copies: the same tables and limits, no routes, and so no proxies. Lives in memory alone. */
  Plan plan(Plan real) {
    Limits limits = real.limits();
    return new Plan(real.file(), name.scratchModule(), new SidePlan(Optional.empty(), address(Owner.MONOLITH)),
        new SidePlan(Optional.empty(), address(Owner.SERVICE)), real.tables(), List.of(),
        limits.maxPause().compareTo(LONGEST_PAUSE) < 0 ? limits.withMaxPause(LONGEST_PAUSE) : limits);
  }

  /**
   * Drops both databases by a way of its caller's own, whoever uses them, unless they are gone; none is created any more.
   */
  synchronized void discard(ScratchServer way) {
    isEnded = true;
    if (!isGone) {
      way.drop(name);
      isGone = true;
    }
  }

  /** What an interrupted thread asks of a pool is refused; it is told again when all is dropped. */
  @Override
  public void close() throws SQLException {
    boolean interrupted = Thread.interrupted();
    try {
      discard(server);
    } catch (RuntimeException e) {
      throw new IllegalStateException("The databases %s on %s could not be dropped: %s Drop them: banyan rehearse PLAN --clean"
          .formatted(pattern(), server, e.getMessage()), e);
    } finally {
      lock.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
