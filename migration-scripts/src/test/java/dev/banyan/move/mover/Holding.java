package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.ControlSchema;
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
  private final Connection holder;

  private Holding(Move move, Connection holder) {
    this.move = move;
    this.holder = holder;
  }

  /** Holds at the end of a range when so many others are copied. */
  static Holding atRange(Move move, int copied) throws SQLException {
    return at(move, "new.position is not null and (select count(*) from banyan.copy_range where position is not null) = " + copied,
        "update", "copy_range");
  }

  static Holding at(Move move, String condition, String event, String table) throws SQLException {
    ControlSchema.installSide(move.space.service().dataSource());
    move.onService(TRIGGER.formatted(condition, event, table));
    Connection holder = move.space.service().connect();
    holder.createStatement().execute("select pg_advisory_lock(77)");
    return new Holding(move, holder);
  }

  /** Waits until somebody waits. */
  void awaitReached() {
    await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(10)).untilAsserted(() -> {
      if (move.failure != null || move.said.stream().anyMatch(said -> said.startsWith("Halted"))) {
        throw new IllegalStateException("the mover has failed; it said " + move.said, move.failure);
      }
      assertThat(move.serviceRows("select pid::text from pg_locks where locktype = 'advisory' and objid = 77 and not granted"))
          .as("waiting movers; it said %s", move.said).isNotEmpty();
    });
  }

  @Override
  public void close() throws SQLException {
    holder.close();
    move.onService("drop function if exists public.hold() cascade");
  }
}
