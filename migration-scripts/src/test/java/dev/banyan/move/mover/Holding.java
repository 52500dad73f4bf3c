package dev.banyan.move.mover;

import static org.awaitility.Awaitility.await;

import dev.banyan.control.ControlSchema;
import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Stops the mover at an exact point: whoever changes a row of a control table on the service's side, where a condition
 * holds, waits until this object is closed.
 */
final class Holding implements AutoCloseable {

  private static final String TRIGGER = """
      create or replace function public.hold() returns trigger language plpgsql as $$
      begin
        if %1$s then perform pg_advisory_xact_lock(77); end if;
        return coalesce(new, old);
      end $$;
      create or replace trigger hold before %2$s on banyan.%3$s for each row execute function public.hold();
      alter table banyan.%3$s enable always trigger hold;
      """;

  private final Move move;
  private final Database side;
  private final Connection holder;

  private Holding(Move move, Database side, Connection holder) {
    this.move = move;
    this.side = side;
    this.holder = holder;
  }

  /** Holds at the end of a range when so many others are copied. */
  static Holding atRange(Move move, int copied) throws SQLException {
    return at(move, "new.position is not null and (select count(*) from banyan.copy_range where position is not null) = " + copied,
        "update", "copy_range");
  }

  /** Holds whoever is about to commit what it applied to {@code side}. */
  static Holding atCommit(Move move, Owner side) throws SQLException {
    return at(move, side == Owner.MONOLITH ? move.space.monolith() : move.space.service(),
        "new.applied is distinct from old.applied", "update", "side");
  }

  static Holding at(Move move, String condition, String event, String table) throws SQLException {
    return at(move, move.space.service(), condition, event, table);
  }

  private static Holding at(Move move, Database side, String condition, String event, String table) throws SQLException {
    ControlSchema.installSide(side.dataSource());
    Connection holder = side.connect();
    holder.createStatement().execute("select pg_advisory_lock(77);" + TRIGGER.formatted(condition, event, table));
    return new Holding(move, side, holder);
  }

  /** Waits until somebody waits. */
  void awaitReached() {
    await("a held mover").atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(10)).until(() -> {
      move.requireWell();
      return isReached();
    });
  }

  /** Tells whether somebody waits. */
  boolean isReached() {
    return !side.jdbi().withHandle(handle -> handle.createQuery("select pid from pg_locks where locktype = 'advisory' and objid = 77"
        + " and database = (select oid from pg_database where datname = current_database()) and not granted").mapTo(Integer.class).list()).isEmpty();
  }

  @Override
  public void close() throws SQLException {
    if (holder.isValid(1)) {
      holder.close();
    }
    await("the trigger to be dropped").atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> side.jdbi().withHandle(handle ->
        handle.execute("drop function if exists public.hold() cascade")) >= 0);
  }
}
