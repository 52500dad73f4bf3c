package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Phase;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables that change their shape during a move: noticed before a value is lost, and followed once both sides agree. */
class ShapeChangeIntegrationTests {

  private static final AtomicInteger SERIAL = new AtomicInteger();

  private Move move;

  @BeforeEach
  void inSync() {
    move = Move.of("reshaped_" + SERIAL.incrementAndGet(), "s.t", "s.other");
    move.onBoth("""
            create schema s; create table s.other (id int primary key);
            create table s.t (id int primary key, n numeric(8,2), v varchar(10), w text default 'w')""")
        .onMonolith("insert into s.t select i, i / 10.0, 'v' || i from generate_series(1, 100) i")
        .start().awaitPhase(Phase.IN_SYNC);
  }

  @AfterEach
  void ends() throws Exception {
    move.close();
  }

  private void awaitHalt(String reason) {
    await("a halt; it said " + move.said).atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(move.said).anySatisfy(sentence -> assertThat(sentence).contains("Halted:").contains(reason)));
  }

  private void assertSame() {
    await().atMost(Duration.ofSeconds(30)).until(() -> move.said.get(move.said.size() - 1).startsWith("Streaming from"));
    assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
    String rows = "select format('%s', t) from s.t order by id";
    assertThat(move.serviceRows(rows)).isEqualTo(move.monolithRows(rows));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "alter table s.t add column x int | insert into s.t (id, x) values (200, 7) | column s.t.x (service): not there",
      "alter table s.t drop column w | update s.t set v = 'x' where id = 1 | column s.t.w (service): has no counterpart",
      "alter table s.t rename column w to ww | update s.t set ww = 'x' where id = 1 | column s.t.ww (service): not there",
      "alter table s.t alter column n type numeric(9,4) | insert into s.t (id, n) values (200, 1.2345) | type of s.t.n (service): numeric(8,2), needed: numeric(9,4)",
      "alter table s.t alter column v type text | insert into s.t (id, v) values (200, repeat('long', 9)) | type of s.t.v (service): character varying(10), needed: text",
      "alter table s.t alter column v set not null | insert into s.t (id, v) values (200, 'x') | column s.t.v (service): nullable, needed: not null",
  })
  void stopsInFrontOfAChangeOfAnotherShapeAndGoesOnWhenBothAgree(String change, String write, String difference) {
    move.onMonolith("update s.t set v = 'before' where id = 2").onMonolith(change).onMonolith(write)
        .onMonolith("insert into s.other values (1)");
    awaitHalt(difference);
    assertThat(move.serviceRows("select count(*)::text from s.other")).containsExactly("0");

    move.onService(change);
    assertSame();
    assertThat(move.serviceRows("select count(*)::text from s.other")).containsExactly("1");
  }

  @Test
  void goesOnWithoutAPauseWhereTheServiceWasChangedFirst() {
    move.onService("alter table s.t add column x int default 5").onMonolith("alter table s.t add column x int default 5")
        .onMonolith("insert into s.t (id, x) values (200, 7); update s.t set x = 8 where id = 1; delete from s.t where id = 2");
    assertSame();
    assertThat(move.said).noneMatch(sentence -> sentence.contains("Halted"));
  }

  @Test
  void appliesWhatWasLoggedBeforeAColumnWasAddedAndAnotherDropped() throws Exception {
    move.stop();
    move.onMonolith("insert into s.t (id, n, v) values (200, 1, 'old'); update s.t set w = 'u' where id = 3; delete from s.t where id = 4")
        .onBoth("alter table s.t add column x int default 5, drop column w")
        .onMonolith("insert into s.t (id, x) values (201, 7); update s.t set x = 9 where id = 200");
    move.start();
    assertSame();
    assertThat(move.serviceRows("select x::text from s.t where id in (3, 200) order by id")).containsExactly("5", "9");
  }

  @Test
  void waitsWhereTheServicesTableIsNoLongerWhatItWas() {
    move.onService("alter table s.t rename to hidden").onMonolith("insert into s.t (id) values (200)");
    awaitHalt("table s.t (service): not there");
    move.onService("alter table s.hidden rename to t");
    assertSame();
  }

  @Test
  void canBeCancelledWhileItWaits() {
    move.onMonolith("alter table s.t add column x int; insert into s.t (id) values (200)");
    awaitHalt("column s.t.x (service): not there");
    assertThat(move.ask(Kind.CANCEL).outcome()).containsEntry("phase", "CANCELLED");
  }

  @Test
  void refusesToSwitchWhereAColumnWasAddedAndNothingWrittenSince() {
    assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
    move.onMonolith("alter table s.t add column x int");
    assertThat(move.ask(Kind.SWITCH_WRITES).outcome().get("message").toString()).contains("column s.t.x (service): not there");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "alter table s.t add column x double precision default random() | alter table s.t add column x double precision default random() ",
      "alter table s.t alter column n type numeric(8,2) using n + 1 | select 1 ",
      "alter publication banyan_%s drop table s.t; insert into s.t values (101); alter publication banyan_%s add table s.t | select 1 ",
      "truncate s.p_old | select 1 ",
      "alter table s.p detach partition s.p_old | select 1 ",
  })
  void takesNoCertificateForRowsThatTheLogDoesNotTellOf(String onMonolith, String onService) throws Exception {
    try (Move changed = Move.of("voided_" + SERIAL.incrementAndGet(), "s.t", "s.p")) {
      changed.onBoth("""
              create schema s; create table s.t (id int primary key, n numeric(8,2));
              create table s.p (id int primary key) partition by range (id);
              create table s.p_old partition of s.p for values from (0) to (10); create table s.p_new partition of s.p default;""")
          .onMonolith("insert into s.t select i, i from generate_series(1, 100) i; insert into s.p values (1), (11)")
          .start().awaitPhase(Phase.IN_SYNC);
      assertThat(changed.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);

      changed.onService(onService).onMonolith(onMonolith.replace("%s", changed.space.module()));
      assertThat(changed.ask(Kind.SWITCH_WRITES).outcome().get("message").toString())
          .contains("the table, its partitions or its publication have been changed since");

      assertThat(changed.ask(Kind.VERIFY).outcome()).containsEntry("equal", false);
      assertThat(changed.ask(Kind.SWITCH_WRITES).outcome().get("message").toString()).contains("both sides differ");
    }
  }
}
