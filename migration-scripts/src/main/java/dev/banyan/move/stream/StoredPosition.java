package dev.banyan.move.stream;

import dev.banyan.move.database.Database;
import dev.banyan.move.database.Lsn;
import dev.banyan.move.database.SlotState;
import java.sql.SQLException;
import java.util.Optional;

/** The position stored with the applied rows, and its comparison with the slot. */
final class StoredPosition {

  private StoredPosition() {}

  /** Returns the position as it is committed now; an applier may be about to commit another. */
  static Lsn read(Database side, String module) {
    return read(side, module, "");
  }

  /**
   * Returns the position from which another applier may begin. Waits for one that was closed while it committed: that
   * holds the lock of this row, and what it commits must not be applied again.
   */
  static Lsn settled(Database side, String module) {
    return read(side, module, " for update");
  }

  private static Lsn read(Database side, String module, String lock) {
    return side.jdbi().withHandle(handle -> handle.createQuery("select applied::text from banyan.side where module = ?" + lock)
            .bind(0, module).mapTo(String.class).findOne())
        .map(Lsn::parse)
        .orElseThrow(() -> new IllegalStateException("No applied position of module '%s' is stored in %s".formatted(module, side)));
  }

  static void requireNoGap(Database owner, String slot, Lsn applied) {
    Optional<SlotState> found = SlotState.read(owner, slot);
    Optional<Lsn> confirmed = found.filter(state -> !state.isLost()).flatMap(SlotState::confirmed);
    if (confirmed.isEmpty()) {
      throw new GapException(("%s; what was committed since %s cannot be followed. Nothing was applied wrongly, and what is"
          + " there stays. Cancel the move and start anew, or recover by hand.").formatted(
          found.map(state -> state.whatBecame(owner)).orElse("The slot %s on %s is gone".formatted(slot, owner)), applied));
    }
    if (confirmed.get().isAfter(applied)) {
      throw new GapException(("The slot %s on %s was moved to %s, past %s, up to which changes are applied. What lies"
          + " between cannot be followed. Cancel the move and start anew.").formatted(slot, owner, confirmed.get(), applied));
    }
    requireReached(owner, applied);
  }

  /** What a server that was set back commits next would be taken for what is applied already. */
  private static void requireReached(Database owner, Lsn applied) {
    Lsn reached = Lsn.parse(owner.jdbi().withHandle(handle ->
        handle.createQuery("select pg_current_wal_insert_lsn()::text").mapTo(String.class).one()));
    if (applied.isAfter(reached)) {
      throw new GapException(("The log of %s ends at %s, before %s, up to which changes are applied: the server was set back, and the other"
          + " side has what it has lost. What it commits cannot be followed. Cancel the move and start anew.").formatted(owner, reached, applied));
    }
  }

  /**
   * Has the slot's server skip what is applied already. After a kill of either end the slot may be behind, and of a large
   * transaction that comes once more it is not known before its end that it is an old one.
   */
  static void skipApplied(Database owner, String slot, Lsn applied) throws SQLException {
    // It may have to read much of the log, so the limit for statements of the pool does not do.
    try (var connection = owner.connect(); var statement = connection.prepareStatement("""
        select pg_replication_slot_advance(slot_name, ?::pg_lsn) from pg_replication_slots
        where slot_name = ? and database = current_database() and not active and confirmed_flush_lsn < ?::pg_lsn""")) {
      statement.setString(1, applied.toString());
      statement.setString(2, slot);
      statement.setString(3, applied.toString());
      statement.execute();
    }
  }
}
