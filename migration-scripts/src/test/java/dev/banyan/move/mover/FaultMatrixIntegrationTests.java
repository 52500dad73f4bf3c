package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Phase;
import dev.banyan.control.client.Owner;
import dev.banyan.move.TwoServers;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.plan.TestLimits;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who fails, and when: the mover is held at an exact point, something fails, and it goes on by itself. In the end both
 * sides hold the same rows, and verification says so.
 */
class FaultMatrixIntegrationTests {

  private static final Limits SMALL = TestLimits.of("200ms", 3, 2, 100);
  private static final String TABLE = "create schema s; create table s.item (id int primary key, u text unique, big text)";
  private static final String WRITES = """
      insert into s.item select i, 'new ' || i, repeat('n', 3000) from generate_series(2000, 2030) i;
      update s.item set big = 'changed ' || id where id % 7 = 0;
      delete from s.item where id % 11 = 0;
      begin; update s.item set u = 'aside' where id = 1; update s.item set u = 'u1' where id = 2; update s.item set u = 'u2' where id = 1; commit;
      update s.item set id = id + 5000 where id between 300 and 310;
      """;
  private static final String MORE_WRITES = "insert into s.item values (9999, 'last', 'last'); update s.item set u = u || '!' where id < 50";

  /** What fails. */
  enum Fault { SOURCE_KILLED, TARGET_KILLED, SOURCE_CUT, TARGET_CUT, SOURCE_LOST, TARGET_LOST }

  /** When. */
  enum During { COPY, STREAM, VERIFY }

  static Stream<Arguments> quick() {
    return Stream.of(Arguments.of(Fault.TARGET_LOST, During.STREAM), Arguments.of(Fault.SOURCE_KILLED, During.STREAM),
        Arguments.of(Fault.TARGET_KILLED, During.COPY));
  }

  static Stream<Arguments> others() {
    List<List<Object>> known = quick().map(arguments -> List.of(arguments.get())).toList();
    return Stream.of(Fault.values()).flatMap(fault -> Stream.of(During.values()).map(during -> Arguments.of(fault, during)))
        .filter(arguments -> !known.contains(List.of(arguments.get())));
  }

  @ParameterizedTest
  @MethodSource("quick")
  void goesOnByItself(Fault fault, During during) throws Exception {
    run(fault, during);
  }

  @Tag("thorough")
  @ParameterizedTest
  @MethodSource("others")
  void goesOnByItselfWhateverFails(Fault fault, During during) throws Exception {
    run(fault, during);
  }

  private static void run(Fault fault, During during) throws Exception {
    String module = (fault + "_" + during).toLowerCase(Locale.ROOT);
    try (Move move = Move.relayed(module, SMALL, List.of(Move.table("s.item")))) {
      move.onBoth(TABLE).onMonolith("insert into s.item select i, 'u' || i, repeat(md5(i::text), 100) from generate_series(1, 1000) i");
      switch (during) {
        case COPY -> duringCopy(move, fault);
        case STREAM -> duringStream(move, fault);
        case VERIFY -> duringVerify(move, fault);
      }
      move.onMonolith(MORE_WRITES);
      assertEqual(move);
    }
  }

  private static void duringCopy(Move move, Fault fault) throws Exception {
    try (Holding holding = Holding.atRange(move, 4)) {
      move.start();
      holding.awaitReached();
      move.onMonolith(WRITES);
      fail(move, fault);
    }
    move.awaitPhase(Phase.IN_SYNC);
  }

  private static void duringStream(Move move, Fault fault) throws Exception {
    move.start().awaitPhase(Phase.IN_SYNC);
    try (Holding holding = Holding.atCommit(move, Owner.SERVICE)) {
      move.onMonolith(WRITES);
      holding.awaitReached();
      fail(move, fault);
    }
  }

  private static void duringVerify(Move move, Fault fault) throws Exception {
    move.start().awaitPhase(Phase.IN_SYNC);
    Connection locking = move.space.service().connect();
    locking.createStatement().execute("begin; lock table s.item in access exclusive mode");
    long id = move.space.intents().request(move.space.module(), Kind.VERIFY, Map.of(), "test").orElseThrow();
    await("a reader of the table").atMost(Duration.ofSeconds(30)).until(() -> !move.serviceRows(
        "select pid::text from pg_locks where relation = 's.item'::regclass and not granted").isEmpty());
    move.onMonolith(WRITES);
    fail(move, fault);
    endQuietly(locking);
    await("the verification to end").atMost(Duration.ofSeconds(150)).until(() -> {
      move.requireWell();
      return move.space.intents().get(id).state().isEnded();
    });
    assertThat(move.space.intents().get(id).outcome()).doesNotContainEntry("equal", false);
  }

  /** A server that was killed has ended it already. */
  private static void endQuietly(Connection connection) throws SQLException {
    if (connection.isValid(1)) {
      connection.close();
    }
  }

  private static void fail(Move move, Fault fault) {
    switch (fault) {
      case SOURCE_KILLED -> TwoServers.kill(Owner.MONOLITH);
      case TARGET_KILLED -> TwoServers.kill(Owner.SERVICE);
      case SOURCE_CUT -> move.cut(move.space.monolith());
      case TARGET_CUT -> move.cut(move.space.service());
      case SOURCE_LOST -> move.relay(Owner.MONOLITH).lose();
      case TARGET_LOST -> move.relay(Owner.SERVICE).lose();
    }
  }

  private static void assertEqual(Move move) {
    assertThat(move.awaitDone(Kind.VERIFY).outcome()).as("the mover said %s", move.said).containsEntry("equal", true);
    String rows = "select row(id, u, md5(big))::text from s.item order by 1";
    assertThat(move.serviceRows(rows)).isEqualTo(move.monolithRows(rows)).hasSizeGreaterThan(900);
  }
}
