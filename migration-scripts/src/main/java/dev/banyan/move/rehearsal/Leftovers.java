package dev.banyan.move.rehearsal;

import dev.banyan.move.database.DatabaseAddress;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What rehearsals of a module have left behind that were killed; found by name, and nothing else is touched. */
public final class Leftovers {

  private Leftovers() {}

  /**
   * What was found.
   *
   * @param dropped the databases that were dropped, or would be
   * @param inUse those of rehearsals that go on, and stay
   */
  public record Found(List<String> dropped, List<String> inUse) {}

  /**
   * Drops them, with their slots.
   *
   * @param server a database of the server that the rehearsals were on
   * @param dryRun whether they are only to be told
   */
  public static Found clean(DatabaseAddress server, String module, boolean dryRun) throws SQLException {
    Found found = new Found(new ArrayList<>(), new ArrayList<>());
    try (ScratchServer scratch = new ScratchServer(server)) {
      for (ScratchName name : scratch.rehearsals(module)) {
        clean(scratch, name, dryRun, found);
      }
    }
    return found;
  }

  private static void clean(ScratchServer server, ScratchName name, boolean dryRun, Found found) throws SQLException {
    Optional<RehearsalLock> lock = RehearsalLock.take(server, name);
    if (lock.isEmpty()) {
      found.inUse().addAll(server.databases(name));
      return;
    }
    try (RehearsalLock held = lock.get()) {
      found.dropped().addAll(server.databases(name));
      if (!dryRun) {
        server.drop(name);
      }
    }
  }
}
