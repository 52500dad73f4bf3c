package dev.banyan.control;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** How far a move has come: its tables and its mover. Written by the mover, read by whoever asks. */
public final class Progress {

  /** A mover that was not seen for this long does not count as running. */
  public static final Duration MOVER_SEEN_WITHIN = Duration.ofSeconds(5);

  private final Jdbi monolith;

  /** Creates the access to the progress kept in a monolith's database. */
  public Progress(Jdbi monolith) {
    this.monolith = monolith;
  }

  /**
   * How far one table has come.
   *
   * @param name its name in the monolith
   * @param state {@code PLANNED}, {@code COPYING} or {@code COPIED}
   * @param rows rows when the copy began, as the planner believed
   * @param copied rows that were copied
   */
  public record TableProgress(String name, String state, long rows, long copied) {}

  /**
   * The mover as it was last seen.
   *
   * @param alive whether it was seen recently
   * @param state what it does, in a word
   * @param lag time by which the other side is behind, if it was measured
   * @param lagBytes bytes of log by which the other side is behind, if they were measured
   * @param message why it stands still; empty where it does not
   */
  public record MoverState(boolean alive, String state, Optional<Duration> lag, Optional<Long> lagBytes, Optional<String> message) {}

  /** Says that a table's copy begins anew. */
  public void begin(String module) {
    monolith.useHandle(handle -> handle.execute(
        "update banyan.moved_table set state = 'COPYING', copied = 0 where module = ?", module));
  }

  /** Says how many rows of a table were copied. */
  public void copied(String module, String source, long copied) {
    monolith.useHandle(handle -> handle.execute(
        "update banyan.moved_table set copied = ? where module = ? and source = ?", copied, module, source));
  }

  /** Says that a table was copied whole. */
  public void finished(String module, String source, long copied) {
    monolith.useHandle(handle -> handle.execute(
        "update banyan.moved_table set state = 'COPIED', rows = ?, copied = ? where module = ? and source = ?",
        copied, copied, module, source));
  }

  /** Returns the tables of a module. */
  public List<TableProgress> tables(String module) {
    return monolith.withHandle(handle -> handle.createQuery(
            "select source, state, rows, copied from banyan.moved_table where module = ? order by source")
        .bind(0, module)
        .map((row, context) -> new TableProgress(row.getString(1), row.getString(2), row.getLong(3), row.getLong(4)))
        .list());
  }

  /** Says that the mover lives, and what it measured. */
  public void seen(Extraction at, String state, Optional<Duration> lag, Optional<Long> lagBytes, Optional<String> message) {
    int updated = monolith.withHandle(handle -> handle.createUpdate("""
            update banyan.mover set epoch = :epoch, seen_at = clock_timestamp(), state = :state, lag_millis = :millis,
              lag_bytes = :bytes, message = :message
            where module = :module and epoch <= :epoch""")
        .bind("state", state).bind("millis", lag.map(Duration::toMillis).orElse(null)).bind("bytes", lagBytes.orElse(null))
        .bind("message", message.orElse(null)).bind("module", at.module()).bind("epoch", at.epoch())
        .execute());
    if (updated != 1) {
      throw new StaleMoverException(at.module(), at.epoch());
    }
  }

  /**
   * Says how long ago a service that owns was reached, and how much of its log was not applied then. By the clock of the database,
   * which tells when the service became the owner as well: a mover's own may go differently.
   */
  public void reached(Extraction at, Duration ago, long ahead) {
    monolith.useHandle(handle -> handle.execute("""
        update banyan.mover set service_reached_at = clock_timestamp() - ? * interval '1 ms', service_ahead_bytes = ?
        where module = ? and epoch = ?""", ago.toMillis(), ahead, at.module(), at.epoch()));
  }

  /**
   * What is known of a service that owns.
   *
   * @param at when it was reached last, or became the owner, if that was later
   * @param aheadBytes how much of its log the monolith had not applied then
   */
  public record LastContact(Instant at, long aheadBytes) {}

  /** Returns what is known of the service since it owns; empty where it never did. */
  public Optional<LastContact> lastContact(String module) {
    return monolith.withHandle(handle -> handle.createQuery("""
            select greatest(decided.at, m.service_reached_at), case when m.service_reached_at > decided.at then m.service_ahead_bytes else 0 end
            from (select at from banyan.journal where module = :module and event = 'switch.decided' order by id desc limit 1) decided
            left join banyan.mover m on m.module = :module""")
        .bind("module", module).map((row, context) -> new LastContact(row.getTimestamp(1).toInstant(), row.getLong(2))).findOne());
  }

  /** Says that the mover has ended, and why. */
  public void gone(String module, Optional<String> message) {
    monolith.useHandle(handle -> handle.createUpdate("""
            update banyan.mover set seen_at = '-infinity', state = 'stopped', message = :message where module = :module""")
        .bind("message", message.orElse(null)).bind("module", module).execute());
  }

  /** Returns the mover of a module, if there ever was one. */
  public Optional<MoverState> mover(String module) {
    return monolith.withHandle(handle -> handle.createQuery("""
            select seen_at > clock_timestamp() - :within * interval '1 ms', state, lag_millis, lag_bytes, message
            from banyan.mover where module = :module""")
        .bind("module", module).bind("within", MOVER_SEEN_WITHIN.toMillis())
        .map((row, context) -> new MoverState(row.getBoolean(1), row.getString(2),
            Optional.ofNullable(row.getObject(3, Long.class)).map(Duration::ofMillis),
            Optional.ofNullable(row.getObject(4, Long.class)), Optional.ofNullable(row.getString(5))))
        .findOne());
  }
}
