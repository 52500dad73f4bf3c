package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Intents;
import dev.banyan.control.Intents.Intent;
import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Phase;
import dev.banyan.control.client.Owner;
import dev.banyan.move.TwoServers;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.ExclusiveLocks;
import dev.banyan.move.mover.RandomEpisode.Fault;
import dev.banyan.move.plan.Limit;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.plan.TablePlan;
import dev.banyan.move.plan.TestLimits;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A whole random move: tables, what is written and what is interrupted while they are copied, while they are followed,
 * and after the switch.
 *
 * @param tables the tables that move
 * @param copying episodes while rows are copied
 * @param streaming episodes after that
 * @param back episodes while the service owns the tables; none where writes are not switched
 */
record RandomMove(List<RandomTable> tables, List<RandomEpisode> copying, List<RandomEpisode> streaming, List<RandomEpisode> back) {

  private static final int ROWS = 40;
  private static final Duration WITHIN = Duration.ofSeconds(60);
  private static final Limits SMALL_RANGES = TestLimits.of(Map.of(Limit.FENCE_TIMEOUT, "200ms", Limit.FENCE_ATTEMPTS, "5", Limit.COPY_JOBS, "1",
      Limit.RANGE_ROWS, "7", Limit.MAX_PAUSE, "10s", Limit.MAX_LAG, "10s"));
  /** A few names, so that databases do not become many. */
  private static final AtomicInteger NUMBER = new AtomicInteger();

  /** Moves, and fails where both sides are not equal in the end. */
  void run() throws Exception {
    String module = "random_" + NUMBER.getAndIncrement() % 3;
    try (Move move = Move.of(module, SMALL_RANGES, tables.stream().map(RandomTable::plan).toList())) {
      create(move);
      try (RandomHistory history = new RandomHistory(move.space.plan().monolith().database(), Owner.MONOLITH, tables)) {
        history.fill(ROWS);
        copying(move, history);
        for (RandomEpisode episode : streaming) {
          streaming(move, history, episode);
        }
        assertEqual(move);
      }
      if (!back.isEmpty() && tables.stream().noneMatch(RandomTable::filtered)) {
        back(move);
      }
    }
  }

  private void create(Move move) {
    for (Owner side : Owner.values()) {
      StringBuilder sql = new StringBuilder("create schema s; create schema m;\n").append(TypeZooIntegrationTests.TYPES);
      for (String extension : List.of("hstore", "citext", "ltree")) {
        sql.append("create extension if not exists ").append(extension).append(" schema public;\n");
      }
      tables.forEach(table -> sql.append(table.create(side)));
      database(move, side).jdbi().useHandle(handle -> handle.createScript(sql.toString()).execute());
    }
  }

  private static Database database(Move move, Owner side) {
    return side == Owner.MONOLITH ? move.space.monolith() : move.space.service();
  }

  private void copying(Move move, RandomHistory history) throws Exception {
    if (copying.isEmpty()) {
      move.start();
    }
    for (RandomEpisode episode : copying) {
      try (Holding holding = Holding.atRange(move, episode.at())) {
        move.startUnlessRunning();
        boolean held = awaitHeldOrInSync(move, holding);
        history.run(episode.before());
        interrupt(move, held || episode.fault() != Fault.STOP ? episode.fault() : Fault.NONE);
      }
      move.startUnlessRunning();
      history.run(episode.after());
      history.settle();
    }
    move.awaitPhase(Phase.IN_SYNC);
  }

  private static boolean awaitHeldOrInSync(Move move, Holding holding) {
    await("a held mover").atMost(WITHIN).pollInterval(Duration.ofMillis(10)).until(() -> {
      move.requireWell();
      return holding.isReached() || isInSync(move);
    });
    return holding.isReached();
  }

  private static boolean isInSync(Move move) {
    return move.space.control().isInstalled() && move.space.control().find(move.space.module()).filter(e -> e.phase() == Phase.IN_SYNC).isPresent();
  }

  private void streaming(Move move, RandomHistory history, RandomEpisode episode) throws Exception {
    if (episode.fault() == Fault.CUT_AT_COMMIT) {
      Owner other = move.space.control().get(move.space.module()).owner().other();
      try (Holding holding = Holding.atCommit(move, other)) {
        history.run(episode.before());
        history.settle();
        holding.awaitReached();
        move.cut(database(move, other));
      }
    } else {
      history.run(episode.before());
      if (episode.fault().isVerification() && isSomebodysAlone(move)) {
        // A mover that begins anew reads the catalog, and would wait for this very test.
        history.settle();
      }
      interrupt(move, episode.fault());
    }
    move.startUnlessRunning();
    history.run(episode.after());
    history.settle();
    if (episode.fault().isVerification()) {
      awaitNoDifference(move);
    }
  }

  private static boolean isSomebodysAlone(Move move) {
    List<TablePlan> tables = move.space.plan().tables();
    return ExclusiveLocks.areHeld(move.space.monolith(), tables.stream().map(TablePlan::source).toList())
        || ExclusiveLocks.areHeld(move.space.service(), tables.stream().map(TablePlan::target).toList());
  }

  private static void interrupt(Move move, Fault fault) throws Exception {
    switch (fault) {
      case NONE, CUT_AT_COMMIT -> { }
      case STOP -> move.stop();
      case CUT_MONOLITH -> move.cut(move.space.monolith());
      case CUT_SERVICE -> move.cut(move.space.service());
      case VERIFY, VERIFY_CUT -> verify(move, fault == Fault.VERIFY_CUT);
      case KILL_MONOLITH -> TwoServers.kill(Owner.MONOLITH);
      case KILL_SERVICE -> TwoServers.kill(Owner.SERVICE);
    }
  }

  private static void verify(Move move, boolean cut) {
    if (!isInSync(move) && !isBack(move)) {
      return;
    }
    long id = move.space.intents().request(move.space.module(), Kind.VERIFY, Map.of(), "test").orElseThrow();
    if (cut) {
      await("verification").atMost(WITHIN).pollInterval(Duration.ofMillis(1))
          .until(() -> move.space.intents().get(id).state() != Intents.State.REQUESTED);
      move.cut(move.space.monolith());
    }
  }

  private static boolean isBack(Move move) {
    return move.space.control().get(move.space.module()).owner() == Owner.SERVICE;
  }

  /** Interrupted, it may have come to no end; but it must not have found what is not there. */
  private static void awaitNoDifference(Move move) {
    await("no intent").atMost(WITHIN).pollInterval(Duration.ofMillis(20)).until(() -> {
      move.requireWell();
      return move.space.intents().open(move.space.module()).isEmpty();
    });
    assertThat(move.monolithRows("select outcome::text from banyan.intent where kind = 'VERIFY' and (outcome->>'equal') = 'false'"))
        .as("false differences").isEmpty();
  }

  private void back(Move move) throws Exception {
    move.awaitDone(Kind.SWITCH_WRITES);
    try (RandomHistory history = new RandomHistory(move.space.plan().service().database(), Owner.SERVICE, tables)) {
      for (RandomEpisode episode : back) {
        streaming(move, history, episode);
      }
      assertEqual(move);
    }
    move.awaitDone(Kind.ROLLBACK);
    try (RandomHistory history = new RandomHistory(move.space.plan().monolith().database(), Owner.MONOLITH, tables)) {
      history.run(back.get(0).before());
      history.settle();
      assertEqual(move);
    }
  }

  private void assertEqual(Move move) throws SQLException {
    Intent verified = move.awaitDone(Kind.VERIFY);
    for (RandomTable table : tables) {
      List<String> monolith = move.monolithRows(table.rows(Owner.MONOLITH));
      List<String> service = move.serviceRows(table.rows(Owner.SERVICE));
      assertThat(only(monolith, service)).as("rows of %s that only the monolith has; the mover said %s", table, move.said).isEmpty();
      assertThat(only(service, monolith)).as("rows of %s that only the service has; the mover said %s", table, move.said).isEmpty();
    }
    assertThat(verified.outcome()).as("what verify says; the mover said %s", move.said).containsEntry("equal", true);
  }

  /** As often as they are there more often. */
  private static List<String> only(List<String> here, List<String> there) {
    List<String> left = new ArrayList<>(here);
    Map<String, Long> known = there.stream().collect(Collectors.groupingBy(row -> row, Collectors.counting()));
    left.removeIf(row -> known.merge(row, -1L, Long::sum) >= 0);
    return left.stream().limit(5).toList();
  }
}
