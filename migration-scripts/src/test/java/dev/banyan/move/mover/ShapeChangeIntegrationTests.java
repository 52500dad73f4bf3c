package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Phase;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
    await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(move.said.get(move.said.size() - 1)).as("%s", move.said).startsWith("Streaming from"));
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
    move.onMonolith("update s.t set v = 'before' where id = 2");
    await().untilAsserted(() -> assertThat(move.serviceRows("select v from s.t where id = 2")).containsExactly("before"));
    move.onMonolith(change).onMonolith(write)
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
  void appliesWhatWasLoggedBeforeAColumnWasAdded() throws Exception {
    move.stop();
    move.onMonolith("insert into s.t (id, n, v) values (200, 1, 'old'); update s.t set w = 'u' where id = 3; delete from s.t where id = 4")
        .onBoth("alter table s.t add column x int default 5")
        .onMonolith("insert into s.t (id, x) values (201, 7); update s.t set x = 9 where id = 200");
    move.start();
    assertSame();
    assertThat(move.serviceRows("select x::text from s.t where id in (3, 200) order by id")).containsExactly("5", "9");
  }

  @Test
  void appliesWhatWasLoggedBeforeAColumnWasDropped() throws Exception {
    move.stop();
    move.onMonolith("insert into s.t (id, n, v) values (200, 1, 'old'); update s.t set w = 'u' where id = 3; delete from s.t where id = 4")
        .onBoth("alter table s.t drop column w").onMonolith("insert into s.t (id) values (201)");
    move.start();
    assertSame();
  }

  @Test
  void doesNotGuessWhatBecameOfAColumnThatHadAnotherName() {
    move.space.monolith().jdbi().useTransaction(handle -> handle.createScript(
        "update s.t set w = 'x' where id = 1; alter table s.t rename w to ww; update s.t set v = 'y' where id = 2").execute());
    awaitHalt("column s.t.ww (service): not there");
    move.onService("alter table s.t rename w to ww");
    awaitHalt("Whether one of these became another the log does not tell");
    assertThat(move.serviceRows("select ww from s.t where id = 1")).containsExactly("w");

    move.onBoth("alter table s.t rename ww to w");
    awaitHalt("[id, n, v, ww]; it has [id, n, v, w] now");
    assertThat(move.serviceRows("select w from s.t where id = 1")).containsExactly("w");
    assertThat(move.ask(Kind.CANCEL).outcome()).containsEntry("phase", "CANCELLED");
  }

  @Test
  void appliesWhatWasLoggedUnderAFormerNameWhileTheColumnHasItAgain() throws Exception {
    move.stop();
    move.onMonolith("update s.t set w = 'x' where id = 1").onBoth("alter table s.t rename w to ww");
    move.start();
    awaitHalt("Whether one of these became another the log does not tell");
    move.onBoth("alter table s.t rename ww to w");
    assertSame();
    assertThat(move.serviceRows("select w from s.t where id = 1")).containsExactly("x");
  }

  @Test
  void noticesThatColumnsHaveChangedPlaces() throws Exception {
    move.stop();
    move.onMonolith("insert into s.t (id, v, w) values (200, 'v', 'w')")
        .onBoth("alter table s.t rename v to x; alter table s.t alter x type text; alter table s.t rename w to v; alter table s.t rename x to w");
    move.start();
    awaitHalt("Whether one of these became another the log does not tell");
    assertThat(move.serviceRows("select id::text from s.t where id = 200")).isEmpty();
  }

  @Test
  void goesOnWhereThePublicationWasAnotherForAMomentOnly() throws Exception {
    String flicker = "alter publication banyan_%1$s set (publish = 'insert'); select pg_sleep(0.05);"
        + " alter publication banyan_%1$s set (publish = 'insert, update, delete, truncate'); select pg_sleep(0.2)";
    for (int i = 0; i < 12; i++) {
      move.onMonolith(flicker.formatted(move.space.module()));
    }
    move.onMonolith("insert into s.t (id) values (200)");
    await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(move.serviceRows("select id::text from s.t where id = 200")).hasSize(1));
    assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
  }

  @Test
  void doesNotTakeAValueThatWasNotPublishedForOneThatWasNotThere() {
    move.onMonolith("alter publication banyan_%1$s drop table s.t; alter publication banyan_%1$s add table s.t (id, v, w)".formatted(move.space.module()));
    awaitHalt("does not carry all of s.t");
    move.onMonolith("insert into s.t (id, n) values (200, 7)")
        .onMonolith("alter publication banyan_%1$s drop table s.t; alter publication banyan_%1$s add table s.t".formatted(move.space.module()));
    awaitHalt("were logged with the columns [id, v, w]");
    assertThat(move.ask(Kind.CANCEL).outcome()).containsEntry("phase", "CANCELLED");
  }

  @Test
  void waitsWhereTheServicesTableIsNoLongerWhatItWas() {
    move.onService("alter table s.t rename to hidden").onMonolith("insert into s.t (id) values (200)");
    awaitHalt("table s.t (service): not there");
    await("the looks at the fence that come every second").during(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(5)).until(() -> {
      move.requireRunning();
      return true;
    });
    move.onService("alter table s.hidden rename to t");
    assertSame();
  }

  /** Each value of the log fits into each of these, and would be another one there. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "alter table s.t alter n type numeric(8,1) | alter table s.t alter n type numeric(8,2)",
      "alter table s.t rename n to m; alter table s.t add n numeric(8,2) | alter table s.t drop n; alter table s.t rename m to n",
  })
  void noticesThatOnlyTheServicesColumnIsAnother(String change, String back) {
    move.onService(change);
    awaitHalt("Table s.t in " + move.space.service() + " has changed");
    move.onMonolith("update s.t set n = 7.77 where id = 1");
    move.onService(back);
    assertSame();
  }

  @Test
  void canBeStartedAgainAndCancelledWhereTheServicesTableIsNotThere() throws Exception {
    move.onService("alter table s.t rename to hidden").onMonolith("insert into s.t (id) values (200)");
    awaitHalt("table s.t (service): not there");
    move.stop();
    move.said.clear();
    move.start();
    awaitHalt("table s.t (service): not there");
    assertThat(move.ask(Kind.CANCEL).outcome()).containsEntry("phase", "CANCELLED");
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
      "alter table s.p detach partition s.p_old; insert into s.p_old values (2); alter table s.p attach partition s.p_old for values from (0) to (10) | select 1 ",
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

  @ParameterizedTest
  @CsvSource({
      "alter table s.t rename to x; insert into s.x values (201); alter table s.x rename to t",
      "alter schema s rename to s9; insert into s9.t values (201); alter schema s9 rename to s",
  })
  void dropsNothingThatIsWrittenUnderAnotherName(String rename) {
    assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
    move.onMonolith(rename);
    awaitHalt("which does not move");
    assertThat(move.ask(Kind.SWITCH_WRITES).outcome().get("message").toString()).contains("is halted");
  }

  @Test
  void fitsTheFenceToPartitionsThatComeAndGo() throws Exception {
    try (Move parts = partitioned()) {
      parts.onBoth("create table s.p_new partition of s.p for values from (20) to (30)");
      await().untilAsserted(() -> assertThatThrownBy(() -> parts.onMonolith("insert into s.p_new values (21)"))
          .hasMessageContaining("owned by the service"));
      parts.onBoth("alter table s.p detach partition s.p_old");
      assertThat(parts.ask(Kind.ROLLBACK, Map.of("unproven", true)).outcome()).containsEntry("owner", "monolith");
      assertThat(parts.ask(Kind.CANCEL).outcome()).containsEntry("phase", "CANCELLED");
      parts.onMonolith("insert into s.p_old values (2)").onService("insert into s.p_old values (2)");
    }
  }

  /** A rewrite may take hours; who looks at the tables each second must not wait for its end. */
  @Test
  void waitsForNobodyWhoHasAPartitionToHimself() throws Exception {
    try (Move parts = Move.of("alone_" + SERIAL.incrementAndGet(), "s.p"); Connection holder = parts.space.monolith().connect()) {
      parts.onBoth("create schema s; create table s.p (id int primary key) partition by range (id);"
              + "create table s.p_old partition of s.p for values from (0) to (10)")
          .onMonolith("insert into s.p values (1)").start().awaitPhase(Phase.IN_SYNC);
      holder.setAutoCommit(false);
      holder.createStatement().execute("lock table s.p_old in access exclusive mode");
      await().during(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(20)).until(() -> parts.monolithRows(
          "select pid::text from pg_locks where not granted and locktype = 'relation' and relation = 's.p_old'::regclass").isEmpty());
      holder.createStatement().execute("insert into s.p_old values (2)");
      holder.commit();
      await().until(() -> parts.serviceRows("select id::text from s.p order by id").equals(List.of("1", "2")));
    }
  }

  @Test
  void doesNotGoBackOverAPartitionThatWasEmptiedByItself() throws Exception {
    try (Move parts = partitioned()) {
      parts.onService("truncate s.p_old");
      assertThat(parts.ask(Kind.ROLLBACK).outcome().get("message").toString()).contains("the table, its partitions or its publication",
          "banyan verify");
      assertThat(parts.monolithRows("select id::text from s.p")).containsExactly("1");
    }
  }

  private static Move partitioned() {
    Move parts = Move.of("parts_" + SERIAL.incrementAndGet(), "s.p");
    parts.onBoth("""
            create schema s; create table s.p (id int primary key) partition by range (id);
            create table s.p_old partition of s.p for values from (0) to (10)""")
        .onMonolith("insert into s.p values (1)").start().awaitPhase(Phase.IN_SYNC);
    assertThat(parts.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
    assertThat(parts.ask(Kind.SWITCH_WRITES).outcome()).containsEntry("owner", "service");
    return parts;
  }

  @Test
  void noticesThatAnotherTableHasTakenTheName() {
    move.onMonolith("create table s.new (like s.t including all); alter table s.t rename to old; alter table s.new rename to t")
        .onMonolith("insert into s.t (id) values (200)");
    awaitHalt("does not carry s.t");
    move.onMonolith("alter table s.t rename to new; alter table s.old rename to t");
    assertSame();
    move.onMonolith("drop table s.new");
  }
}
