package dev.banyan.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.demo.load.LagProbe;
import dev.banyan.demo.load.Load;
import dev.banyan.demo.report.Balance;
import dev.banyan.demo.report.Difference;
import dev.banyan.demo.report.Leftovers;
import dev.banyan.demo.report.Report;
import dev.banyan.demo.stage.Accounts;
import dev.banyan.demo.stage.ChildProcess;
import dev.banyan.demo.stage.Server;
import dev.banyan.demo.stage.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongConsumer;
import org.HdrHistogram.Histogram;

/** The steps of the demo, in order. What is reported is measured here, from outside. */
final class Journey {

  private static final Duration COPIED_WITHIN = Duration.ofMinutes(10);
  private static final Duration EQUAL_WITHIN = Duration.ofSeconds(30);
  private static final int ATTEMPTS = 5;
  private static final int REFUSED = 1;
  private static final int SPELLS_OF_LOAD = 8;
  private static final String[] TABLES = {"users.account", "users.address"};

  private final Stage stage;
  private final Load load;
  private final Console console;
  private final Report report;
  private final int accounts;
  private final int writers;
  private final Duration spell;
  private final Histogram lag = new Histogram(60_000_000L, 3);
  private String plan = "";

  Journey(Stage stage, Load load, Console console, Report report, int accounts, int writers, int seconds) {
    this.stage = stage;
    this.load = load;
    this.console = console;
    this.report = report;
    this.accounts = accounts;
    this.writers = writers;
    this.spell = Duration.ofMillis(seconds * 1000L / SPELLS_OF_LOAD);
  }

  void run() throws IOException, InterruptedException, SQLException {
    begin();
    ChildProcess mover = copy();
    verify();
    switchReads();
    turn("writes-switched", stage.monolithServer(), "shop", report::switchPause, "switch", "writes", plan);
    turn("rolled-back", stage.serviceServer(), "users", report::rollbackPause, "rollback", plan);
    turn("writes-switched", stage.monolithServer(), "shop", report::switchPause, "switch", "writes", plan);
    compareBothSides();
    complete(mover);
    report.lag(lag);
    report.requests(load.ledger().answeredReads(), load.ledger().acknowledgedWrites(), load.ledger().failedRequests());
    if (!load.firstFailure().isEmpty()) {
      console.say("First failed request: " + load.firstFailure());
    }
  }

  private void begin() throws IOException, InterruptedException, SQLException {
    Accounts.fill(stage.monolithServer(), accounts);
    console.say("The shop runs with %,d accounts. %d customers write, %d read, all through the proxy at %s."
        .formatted(accounts, writers, Math.max(1, writers / 2), stage.proxyUrl()));
    Path file = stage.writePlan();
    plan = file.toString();
    load.start(writers);
    console.status(() -> "        %,d writes acknowledged, %,d reads, %,d failed".formatted(
        load.ledger().acknowledgedWrites(), load.ledger().answeredReads(), load.ledger().failedRequests()));
    letItRun();
    expectDone("check", plan);
    console.say("check: nothing stands in the way.");
  }

  private ChildProcess copy() throws IOException, InterruptedException {
    long begun = System.nanoTime();
    ChildProcess mover = stage.startMover(Path.of(plan));
    String copying = mover.awaitLine(line -> line.contains("Copying "), COPIED_WITHIN);
    long copyingNanos = System.nanoTime();
    String copied = mover.awaitLine(line -> line.contains("Copied ") && !line.contains(" of about "), COPIED_WITHIN);
    report.step("copied", seconds(copyingNanos));
    console.say("run: %s %s".formatted(sentence(copying), sentence(copied)));
    mover.awaitLine(line -> line.contains("In sync"), COPIED_WITHIN);
    report.step("in-sync", seconds(begun));
    console.say("run: in sync, %.1f s after the mover was started.".formatted(seconds(begun)));
    return mover;
  }

  private static String sentence(String line) {
    return line.replaceFirst("^\\S+\\s+", "");
  }

  private void verify() throws IOException, InterruptedException {
    long begun = System.nanoTime();
    JsonNode answer = expectDone("verify", plan);
    long rows = 0;
    for (JsonNode table : answer.path("tables")) {
      rows += table.path("rows").asLong();
    }
    report.step("verified", seconds(begun));
    console.say("verify: %,d rows equal at position %s.".formatted(rows, answer.path("position").asText()));
  }

  private void switchReads() throws IOException, InterruptedException, SQLException {
    long begun = System.nanoTime();
    for (String percent : new String[] {"10", "100"}) {
      insist("switch", "reads", plan, "--percent", percent);
      console.say("switch reads: the service answers %s %% of the reads.".formatted(percent));
      letItRun(stage.serviceServer(), "users");
    }
    report.step("reads-switched", seconds(begun));
  }

  private void turn(String name, Server follower, String database, LongConsumer pause, String... verb)
      throws IOException, InterruptedException, SQLException {
    long begun = System.nanoTime();
    JsonNode answer = insist(verb);
    // The pause of a request that was held shows when it is answered.
    letItRun();
    long ended = System.nanoTime();
    long noticed = load.timeline().pauseMillis(begun, ended);
    pause.accept(noticed);
    report.step(name, seconds(begun) - spell.toNanos() / 1e9);
    console.say("%s: the %s owns; clients noticed a pause of %d ms (held for %.1f ms).".formatted(String.join(" ",
        verb).replace(" " + plan, ""), answer.path("owner").asText(), noticed, answer.path("pauseMillis").asDouble()));
    letItRun(follower, database);
  }

  private void compareBothSides() throws SQLException, InterruptedException {
    load.pause();
    long deadline = System.nanoTime() + EQUAL_WITHIN.toNanos();
    Difference difference = compare();
    // The copy follows within milliseconds; a difference that is one does not go away by waiting.
    while (!difference.isNone() && System.nanoTime() < deadline) {
      Thread.sleep(500);
      difference = compare();
    }
    report.rows(difference);
    console.say("Compared both databases with the load paused: %,d rows, %s.".formatted(difference.compared(),
        difference.isNone() ? "all equal" : "NOT equal"));
    load.resume();
  }

  private Difference compare() throws SQLException {
    return Difference.between(stage.serviceServer(), "users", stage.monolithServer(), "shop", TABLES);
  }

  private void complete(ChildProcess mover) throws IOException, InterruptedException, SQLException {
    long begun = System.nanoTime();
    expectDone("complete", plan);
    mover.awaitEnd(Duration.ofSeconds(60));
    report.step("completed", seconds(begun));
    letItRun();
    load.pause();
    report.writes(Balance.draw(stage.serviceServer(), "users", load.ledger(), accounts));
    Leftovers.find(stage.monolithServer(), "shop", stage.serviceServer(), "users").forEach(report::leftover);
    load.resume();
    console.say("complete: the service owns for good; the load went on all the while.");
  }

  private void letItRun() throws InterruptedException {
    Thread.sleep(spell.toMillis());
  }

  private void letItRun(Server follower, String database) throws InterruptedException, SQLException {
    try (LagProbe probe = new LagProbe(load, follower.connect(database))) {
      letItRun();
      probe.close();
      lag.add(probe.micros());
    }
  }

  /** What is refused, or broken off in time, has changed nothing: a machine with too much to do is asked again. */
  private JsonNode insist(String... verb) throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      Stage.Answer answer = stage.verb(verb);
      if (answer.exitCode() != REFUSED || attempt == ATTEMPTS) {
        return done(answer, verb);
      }
      console.say("%s: not now, and nothing has changed; asking again. %s".formatted(verb[0], answer.json().path("error").asText()));
      letItRun();
    }
  }

  private JsonNode expectDone(String... verb) throws IOException, InterruptedException {
    return done(stage.verb(verb), verb);
  }

  private static JsonNode done(Stage.Answer answer, String... verb) {
    if (answer.exitCode() != 0) {
      throw new IllegalStateException("`banyan %s` ended with exit code %d: %s".formatted(String.join(" ", verb),
          answer.exitCode(), answer.json()));
    }
    return answer.json();
  }

  private static double seconds(long sinceNanos) {
    return (System.nanoTime() - sinceNanos) / 1e9;
  }
}
