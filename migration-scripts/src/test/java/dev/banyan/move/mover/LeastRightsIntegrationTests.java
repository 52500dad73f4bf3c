package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.Intents.Intent;
import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Intents.State;
import dev.banyan.control.Phase;
import dev.banyan.move.check.Checker;
import dev.banyan.move.check.Finding;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.DatabaseAddress;
import dev.banyan.move.plan.Limit;
import dev.banyan.move.plan.TestLimits;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A mover whose role has the rights that {@code docs/privileges.md} names, and no others. */
class LeastRightsIntegrationTests {

  private static Move inSync(String module) {
    Move move = Move.by("mover_of_" + module, module, TestLimits.defaultsBut(Limit.QUIET_FOR, "0s"),
        List.of(Move.table("s.t")));
    move.onBoth("""
            create role mover_of_%1$s login replication password 'mover_of_%1$s' connection limit 16;
            create role owner_of_%1$s;
            create role clerk_of_%1$s login password 'clerk';
            grant set on parameter session_replication_role to mover_of_%1$s;
            grant pg_read_all_stats, owner_of_%1$s to mover_of_%1$s;
            grant create on database "%2$s" to mover_of_%1$s;
            create schema s authorization owner_of_%1$s;
            create table s.t (id int primary key, v text);
            alter table s.t owner to owner_of_%1$s;
            grant usage on schema s to clerk_of_%1$s;
            grant insert on s.t to clerk_of_%1$s""".formatted(module, database(move)))
        .onMonolith("insert into s.t select i, 'v' from generate_series(1, 100) i")
        .start().awaitPhase(Phase.IN_SYNC);
    assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
    return move;
  }

  private static String database(Move move) {
    return move.space.monolith().jdbi().withHandle(handle ->
        handle.createQuery("select current_database()").mapTo(String.class).one());
  }

  private static Database asMover(Database database) {
    return new Database(new DatabaseAddress(database.address().masked(), "mover_of_narrow", "mover_of_narrow"));
  }

  /** Somebody of another role, whose transaction stays open. */
  private static Connection inTheWay(Move move) throws SQLException {
    Connection clerk = DriverManager.getConnection(move.space.monolith().address().masked(), "clerk_of_" + move.space.module(), "clerk");
    clerk.setAutoCommit(false);
    clerk.createStatement().execute("insert into s.t values (1000, 'never committed')");
    return clerk;
  }

  @Test
  void switchesToAndFroAndLeavesNothing() throws Exception {
    try (Move move = inSync("least")) {
      assertThat(move.ask(Kind.SWITCH_WRITES).state()).isEqualTo(State.DONE);
      assertThat(move.ask(Kind.ROLLBACK).state()).isEqualTo(State.DONE);
    }
  }

  @Test
  void refusesARoleThatMayHaveTooFewConnections() throws Exception {
    try (Move move = inSync("narrow"); Database monolith = asMover(move.space.monolith()); Database service = asMover(move.space.service())) {
      move.onMonolith("alter role mover_of_narrow connection limit 15");
      assertThat(new Checker(move.space.plan(), monolith, service).beforeTheMove().findings())
          .extracting(Finding::toString).containsExactly("connection limit of role mover_of_narrow (monolith): room for 15 of 15, "
              + "needed: room for 16. As a superuser: alter role mover_of_narrow connection limit 16;");
    }
  }

  @Test
  void saysWhatItNeedsToEndSessionsThatAreInTheWay() throws Exception {
    try (Move move = inSync("unsignalled"); Connection clerk = inTheWay(move)) {
      Intent intent = move.ask(Kind.SWITCH_WRITES, Map.of("terminateBlockers", true));

      assertThat(intent.state()).isEqualTo(State.FAILED);
      assertThat(intent.outcome().get("message").toString())
          .contains("clerk_of_unsignalled", "grant pg_signal_backend to \"mover_of_unsignalled\"").doesNotContain("never committed");
      clerk.commit();
      assertThat(move.ask(Kind.SWITCH_WRITES).state()).isEqualTo(State.DONE);
    }
  }

  @Test
  void endsSessionsThatAreInTheWayOnceItMay() throws Exception {
    try (Move move = inSync("signalled"); Connection clerk = inTheWay(move)) {
      move.onMonolith("grant pg_signal_backend to mover_of_signalled");

      assertThat(move.ask(Kind.SWITCH_WRITES, Map.of("terminateBlockers", true)).state()).isEqualTo(State.DONE);

      assertThat(clerk.isValid(1)).isFalse();
      assertThat(move.serviceRows("select count(*)::text from s.t where id = 1000")).containsExactly("0");
    }
  }
}
