package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.client.Owner;
import dev.banyan.demo.stage.Accounts;
import dev.banyan.demo.stage.ChildProcess;
import dev.banyan.demo.stage.Stage;
import dev.banyan.move.cutover.protocol.SwitchStep;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process beside the mover is killed exactly in front of a step of a switch or a rollback, while customers write through
 * the proxy, and started again. After each: the switch is done, every acknowledged write is there once on the
 * owner's side, none that was refused is, both sides are equal, and at no instant both could be written to.
 */
class KilledProcessesJourneyTests {

  private static final int CUSTOMERS = 6;
  private static final Duration STARTED_WITHIN = Duration.ofSeconds(60);

  /** Who is killed. */
  enum Victim { PROXY, MONOLITH, SERVICE }

  private record Cell(Victim victim, SwitchStep step) {}

  private final Map<Victim, ChildProcess> processes = new EnumMap<>(Victim.class);
  private Stage stage;
  private Http dashboard;

  @BeforeEach
  void setStage() throws Exception {
    stage = Stage.set();
    dashboard = new Http(stage.dashboardUrl());
    for (Victim victim : Victim.values()) {
      start(victim);
    }
    for (Victim victim : Victim.values()) {
      awaitHealth(victim);
    }
    Accounts.fill(stage.monolithServer(), 200);
  }

  @AfterEach
  void clearStage() {
    stage.close();
  }

  @Test
  void losesAndDoublesNothingWhicheverProcessIsKilled() throws Exception {
    run(List.of(new Cell(Victim.PROXY, SwitchStep.CATCH_UP), new Cell(Victim.MONOLITH, SwitchStep.OPEN),
        new Cell(Victim.SERVICE, SwitchStep.AWAIT_PROXIES)));
  }

  @Tag("thorough")
  @ParameterizedTest
  @EnumSource(Victim.class)
  void losesAndDoublesNothingWhereverItIsKilled(Victim victim) throws Exception {
    List<Cell> cells = new ArrayList<>();
    for (SwitchStep step : SwitchStep.values()) {
      // A switch, and a rollback.
      cells.add(new Cell(victim, step));
      cells.add(new Cell(victim, step));
    }
    run(cells);
  }

  private void run(List<Cell> cells) throws Exception {
    Path plan = writePlan();
    try (RunningMover mover = new RunningMover(plan)) {
      mover.awaitInSync();
      mover.expectEqual();
      try (AddressWriters writers = new AddressWriters(stage.proxyUrl(), CUSTOMERS); WritableSides sides = new WritableSides(stage)) {
        for (Cell cell : cells) {
          writers.awaitMore();
          happen(mover, cell);
          writers.awaitMore();
          expectRight(mover, writers, sides);
          System.out.printf("%s: %s owns, writes so far %s%n", cell, mover.owner(), writers.summary());
        }
      }
      assertThat(stage.verb("verify", plan.toString()).exitCode()).isZero();
    }
  }

  /** Held for longer than a proxy counts as alive after its end, so that the switch can go on without it. */
  private Path writePlan() throws IOException {
    Path plan = stage.writePlan();
    return Files.writeString(plan, Files.readString(plan).replace("limits: { ", "limits: { max-pause: 20s, max-lag: 5s, "));
  }

  private void happen(RunningMover mover, Cell cell) throws Exception {
    Owner to = mover.owner().other();
    long asked = mover.askAndAwait(cell.step());
    if (cell.step().isHeld() && cell.step() != SwitchStep.HOLD) {
      await("held writes").atMost(Duration.ofSeconds(10)).until(() -> held() > 0);
    }
    victim(cell.victim()).kill();
    mover.letGo();
    start(cell.victim());
    awaitHealth(cell.victim());
    mover.expectDone(asked);
    mover.awaitStable();
    assertThat(mover.owner()).as(cell.toString()).isEqualTo(to);
  }

  private int held() throws IOException, InterruptedException {
    return dashboard.get("/routes").body().path("modules").path(0).path("waiting").asInt();
  }

  private void expectRight(RunningMover mover, AddressWriters writers, WritableSides sides) throws SQLException {
    sides.expectAtMostOne();
    writers.pause();
    try {
      writers.expectExactlyOnce(mover.owner() == Owner.MONOLITH ? stage.monolithServer().connect("shop") : stage.serviceServer().connect("users"));
      mover.expectEqual();
    } finally {
      writers.resume();
    }
  }

  private ChildProcess victim(Victim victim) {
    ChildProcess process = processes.get(victim);
    if (process == null) {
      throw new IllegalStateException(victim + " was not started");
    }
    return process;
  }

  private void start(Victim victim) throws IOException {
    processes.put(victim, switch (victim) {
      case PROXY -> stage.startProxy();
      case MONOLITH -> stage.startMonolith();
      case SERVICE -> stage.startService();
    });
  }

  private void awaitHealth(Victim victim) {
    URI root = switch (victim) {
      case PROXY -> stage.dashboardUrl();
      case MONOLITH -> stage.monolithUrl();
      case SERVICE -> stage.serviceUrl();
    };
    String path = victim == Victim.PROXY ? "/health" : "/actuator/health";
    ChildProcess process = victim(victim);
    await(victim + " to answer").atMost(STARTED_WITHIN).ignoreExceptionsInstanceOf(IOException.class).until(() -> {
      if (!process.isAlive()) {
        throw new IllegalStateException("%s has ended. %s".formatted(victim, process.tail()));
      }
      return new Http(root).get(path).status() == 200;
    });
  }
}
