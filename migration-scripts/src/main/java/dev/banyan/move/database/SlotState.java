package dev.banyan.move.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A replication slot as its server shows it.
 *
 * <p>Source: <a href="https://www.postgresql.org/docs/current/view-pg-replication-slots.html">PostgreSQL, pg_replication_slots</a>.
 *
 * @param name its name
 * @param confirmed up to where its reader has confirmed; empty where nothing can be read from it any more
 * @param retainedBytes how many bytes of log the server keeps for it
 * @param walStatus {@code reserved}, {@code extended}, {@code unreserved} or {@code lost}
 * @param safeBytes how many more bytes may be written before the server takes the log away; empty where it does not
 * @param isRead whether somebody reads it
 * @param invalidated why the server has invalidated it, in its own word; empty where it has not or does not say
 */
public record SlotState(String name, Optional<Lsn> confirmed, long retainedBytes, String walStatus, Optional<Long> safeBytes,
    boolean isRead, Optional<String> invalidated) {

  // As JSON, because the reason is a column of newer servers only.
  private static final String QUERY = """
      select slot_name, confirmed_flush_lsn::text, coalesce(pg_current_wal_lsn() - restart_lsn, 0)::bigint,
        coalesce(wal_status, 'lost'), safe_wal_size, active, to_jsonb(s) ->> 'invalidation_reason'
      from pg_replication_slots s where slot_name = ? and database = current_database()""";

  /** Reads the state of a slot; empty where the database has none of this name. */
  public static Optional<SlotState> read(Database server, String slot) {
    return server.jdbi().withHandle(handle -> handle.createQuery(QUERY).bind(0, slot).map((row, context) -> state(row)).findOne());
  }

  private static SlotState state(ResultSet row) throws SQLException {
    return new SlotState(row.getString(1), Optional.ofNullable(row.getString(2)).map(Lsn::parse), row.getLong(3),
        row.getString(4), Optional.ofNullable(row.getObject(5, Long.class)), row.getBoolean(6), Optional.ofNullable(row.getString(7)));
  }

  /** Tells whether the server has taken the log away that it kept for this slot, so that it is of no use any more. */
  public boolean isLost() {
    return walStatus.equals("lost") || invalidated.isPresent();
  }

  /** Says what has become of a slot that is of no use any more. */
  public String whatBecame(Database server) {
    return "PostgreSQL has invalidated the slot %s on %s (wal_status %s%s): %s".formatted(name, server, walStatus,
        invalidated.map(reason -> ", " + reason).orElse(""), cause());
  }

  private String cause() {
    return switch (invalidated.orElse("wal_removed")) {
      case "wal_removed" -> "it retained more log than the server's max_slot_wal_keep_size allows";
      case "idle_timeout" -> "nobody read it for longer than the server's idle_replication_slot_timeout; set that to 0 before the next try";
      case "wal_level_insufficient" -> "the server's wal_level is not logical any more";
      default -> "see the server's log";
    };
  }
}
