package dev.banyan.move.mover;

import dev.banyan.control.Extraction;
import dev.banyan.control.Phase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/**
 * Routes the reads back to the monolith, which owns, where the service's copy follows no more or does not answer: nobody may
 * take rows for new that are getting older and older.
 */
public final class ReadsBack {

  private static final Duration LOCKED_WITHIN = Duration.ofSeconds(5);

  private final Workspace space;

  /** Creates it for one plan. */
  public ReadsBack(Workspace space) {
    this.space = space;
  }

  /** Tells whether reads go to the service while the monolith owns; asks the monolith's database alone. */
  public boolean isNeeded() {
    return space.control().isInstalled()
        && space.control().find(space.module()).filter(record -> record.phase() == Phase.READS_SWITCHED).isPresent();
  }

  /**
   * Takes them back without a mover.
   *
   * @return what is answered
   * @throws Refused if a mover has the move; it can be asked
   */
  public Map<String, Object> run(String reason) throws SQLException, InterruptedException {
    try (MoverLock lock = MoverLock.take(space.monolith(), space.module(), LOCKED_WITHIN)) {
      lock.requireHeld();
      Extraction after = takeBack(space.control().get(space.module()), reason);
      return Map.of("message", "Every read of module '%s' goes to the monolith.".formatted(space.module()), "module", space.module(),
          "percent", 0, "phase", after.phase().name());
    }
  }

  /** Takes them back as the mover that has this record; does nothing where none were switched. */
  Extraction takeBack(Extraction record, String reason) {
    if (record.phase() != Phase.READS_SWITCHED) {
      return record;
    }
    space.control().record(record, "reads.taken-back", Map.of("reason", reason));
    return space.control().routeReads(record, 0);
  }
}
