package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.Phase;
import dev.banyan.move.check.Finding;
import dev.banyan.move.cutover.Warnings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What is told before a switch, although it does not keep it from beginning. */
class WarningsIntegrationTests {

  private static List<Finding> warnings(Move move) {
    return new Warnings(move.space.link(), move.space.proxies()).of(move.space.control().get(move.space.module()));
  }

  @Test
  void tellsOfBlockersLostProxiesAndWhatDependsOnTheTables() throws Exception {
    try (Move move = Move.of("warned", "s.t")) {
      move.onBoth("create schema s; create table s.t (id bigint primary key, v text)").start().awaitPhase(Phase.IN_SYNC);
      assertThat(warnings(move)).isEmpty();
      move.onMonolith("""
          create schema other; create view other.seen as select v from s.t;
          create table other.own (t bigint constraint own_t references s.t);
          create function other.audit() returns trigger language plpgsql as 'begin return new; end';
          create trigger audit after insert on s.t for each row execute function other.audit();
          insert into banyan.proxy (id, seen_at) values ('lost-one', now() - interval '1 minute')
          """);
      try (Connection nightly = DriverManager.getConnection(move.space.monolith().address().masked() + "?ApplicationName=nightly", "postgres", "postgres")) {
        nightly.setAutoCommit(false);
        nightly.createStatement().execute("insert into s.t values (1, 'secret')");
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> warnings(move).size() == 5);
        assertThat(warnings(move)).extracting(Finding::condition).containsExactly("transaction on the moved tables", "proxy",
            "foreign key own_t of other.own", "view other.seen", "trigger audit on s.t");
        assertThat(warnings(move).get(0).measured()).contains("nightly").doesNotContain("secret");
        assertThat(warnings(move).get(1).measured()).startsWith("lost-one, last seen 6");
      }
    }
  }

  @Test
  void findsAWriterOfOnePartition() throws Exception {
    try (Move move = Move.of("warned_parts", "s.t")) {
      move.onBoth("create schema s; create table s.t (id bigint primary key, v text) partition by range (id);"
          + "create table s.t_1 partition of s.t for values from (0) to (100)").start().awaitPhase(Phase.IN_SYNC);
      try (Connection writer = DriverManager.getConnection(move.space.monolith().address().masked() + "?ApplicationName=nightly", "postgres", "postgres")) {
        writer.setAutoCommit(false);
        writer.createStatement().execute("insert into s.t_1 values (1, 'x')");
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> warnings(move).size() == 1);
      }
    }
  }
}
