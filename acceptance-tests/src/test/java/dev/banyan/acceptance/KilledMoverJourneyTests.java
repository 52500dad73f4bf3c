package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.demo.stage.ChildProcess;
import dev.banyan.demo.stage.Stage;
import dev.banyan.demo.stage.Stage.Answer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The mover is killed, or stopped, while customers write; started again, it ends in the same place. */
class KilledMoverJourneyTests {

  private static final int MANY = 300_000;
  private static final int FEW = 3_000;
  private static final long SEED = 7;
  private static final String CUT = """
      select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity
      where datname = current_database() and (split_part(application_name, ':', 1) = 'banyan' or backend_type = 'walsender')""";

  private static Stage stage;

  @BeforeAll
  static void setStage() throws IOException, SQLException {
    stage = Stage.set();
  }

  @AfterAll
  static void clearStage() {
    stage.close();
  }

  @Test
  void copiesTheRestAfterTheMoverWasKilledInTheMiddleOfTheCopy() throws Exception {
    Move move = moveOf("half_copied", MANY);
    Book book = read(move.monolith());
    try (Writer writer = Writer.start(move, book, SEED, new ItemChanges(MANY))) {
      killInTheMiddleOfTheCopy(move);
      writer.awaitMoreOnMonolith();
      ChildProcess mover = move.startMoverAndAwait("In sync");
      assertThat(move.phase()).isEqualTo("IN_SYNC");
      move.expectEqual();
      writer.stop();
      expectFollowed(move.service(), book);
      cancel(move, mover);
    }
  }

  private static void killInTheMiddleOfTheCopy(Move move) throws Exception {
    ChildProcess mover = move.startMoverAndAwait("Copying");
    await("the first rows").atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(5))
        .until(() -> !move.serviceText("select true from app.item limit 1").equals("(no row)"));
    mover.kill();
    assertThat(move.phase()).isEqualTo("COPYING");
    assertThat(Integer.parseInt(move.serviceText("select count(*) from app.item"))).isBetween(1, MANY - 1);
  }

  @Test
  void goesOnAfterTheMoverWasKilledOrStoppedInTheStreamAndAfterTheSwitch() throws Exception {
    Move move = moveOf("interrupted", FEW);
    Book book = read(move.monolith());
    try (Writer writer = Writer.start(move, book, SEED, new ItemChanges(FEW))) {
      move.startMoverAndAwait("In sync").kill();
      writer.awaitMoreOnMonolith();
      ChildProcess mover = move.startMoverAndAwait("Streaming from the monolith");
      assertThat(move.phase()).isEqualTo("IN_SYNC");
      stop(mover);
      writer.awaitMoreOnMonolith();

      mover = move.startMoverAndAwait("Streaming from the monolith");
      move.expectEqual();
      move.expectDone("switch", "writes");
      writer.awaitMoreOnService();
      mover.kill();
      writer.awaitMoreOnService();

      mover = move.startMoverAndAwait("Streaming from the service");
      assertThat(move.phase()).isEqualTo("WRITES_SWITCHED");
      move.expectEqual();
      move.expectDone("rollback");
      writer.awaitMoreOnMonolith();
      writer.stop();
      assertThat(move.phase()).isEqualTo("IN_SYNC");
      expectFollowed(move.service(), book);
      cancel(move, mover);
    }
    assertThat(read(move.monolith()).rows()).as("after the rollback").isEqualTo(book.rows());
  }

  @Test
  void verifiesAnewAfterTheMoverWasKilledInTheMiddleOfAVerification() throws Exception {
    Move move = moveOf("half_verified", FEW);
    Book book = read(move.monolith());
    ChildProcess mover = move.startMoverAndAwait("In sync");
    killInTheMiddleOfAVerification(move, mover);
    try (Writer writer = Writer.start(move, book, SEED, new ItemChanges(FEW))) {
      mover = move.startMoverAndAwait("Streaming from the monolith");
      writer.awaitMoreOnMonolith();
      move.expectEqual();
      writer.stop();
      expectFollowed(move.service(), book);
      cancel(move, mover);
    }
  }

  private static void killInTheMiddleOfAVerification(Move move, ChildProcess mover) throws Exception {
    ExecutorService asking = Executors.newSingleThreadExecutor();
    try (Connection locking = move.service()) {
      locking.setAutoCommit(false);
      locking.createStatement().execute("lock table app.item in access exclusive mode");
      Future<Answer> verification = asking.submit(() -> move.ask("verify"));
      await("a reader of the table").atMost(Duration.ofSeconds(60)).until(() -> move.serviceText("""
          select bool_or(not granted) from pg_locks where relation = 'app.item'::regclass and mode = 'AccessShareLock'""").equals("t"));
      mover.kill();
      locking.rollback();
      assertThat(verification.isDone()).isFalse();
    } finally {
      asking.shutdownNow();
    }
  }

  @Test
  void aStaleMoverThatWakesUpDoesNothing() throws Exception {
    Move move = moveOf("stale", FEW);
    Book book = read(move.monolith());
    try (Writer writer = Writer.start(move, book, SEED, new ItemChanges(FEW))) {
      ChildProcess stale = move.startMoverAndAwait("In sync");
      signal(stale, "STOP");
      // Its lock is held by its connection, and that by a process that does not run.
      move.monolithText(CUT);
      move.serviceText(CUT);
      ChildProcess mover = move.startMoverAndAwait("Streaming from the monolith");
      writer.awaitMoreOnMonolith();
      signal(stale, "CONT");
      assertThat(stale.awaitEnd(Duration.ofSeconds(60))).isEqualTo(1);
      assertThat(stale.tail()).contains("is running already");
      writer.awaitMoreOnMonolith();
      move.expectEqual();
      writer.stop();
      expectFollowed(move.service(), book);
      cancel(move, mover);
    }
  }

  private static void signal(ChildProcess process, String signal) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(process.handle().pid())).start().waitFor()).isZero();
  }

  private static Move moveOf(String module, int items) throws IOException, SQLException {
    return Move.of(stage, module).onMonolith(ItemChanges.TABLE, ItemChanges.fill(items)).onService(ItemChanges.TABLE).planned("""
        tables: [app.item]
        limits: { copy-jobs: 4, range-rows: 10000 }
        """);
  }

  private static void stop(ChildProcess mover) throws InterruptedException {
    mover.close();
    mover.awaitLine(line -> line.contains("`banyan run` goes on with it"), Duration.ofSeconds(1));
  }

  /** The other side holds what was acknowledged as soon as it has caught up, and nothing else. */
  private static void expectFollowed(Connection opened, Book book) throws SQLException {
    try (Connection follower = opened) {
      await("the other side to follow").atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(200))
          .untilAsserted(() -> assertThat(rows(follower).equals(book.rows())).isTrue());
    }
  }

  private static Book read(Connection opened) throws SQLException {
    try (Connection connection = opened) {
      return new Book().read(connection, "app.item", "id");
    }
  }

  private static Map<String, String> rows(Connection connection) throws SQLException {
    return new Book().read(connection, "app.item", "id").rows();
  }

  private static void cancel(Move move, ChildProcess mover) throws Exception {
    move.expectDone("cancel");
    assertThat(mover.awaitEnd(Duration.ofSeconds(20))).isZero();
    move.expectNothingLeft();
  }
}
