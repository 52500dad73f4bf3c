package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Extraction;
import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Intents.State;
import dev.banyan.control.Phase;
import dev.banyan.control.Progress.MoverState;
import dev.banyan.control.client.Owner;
import dev.banyan.move.cutover.protocol.StepGate;
import dev.banyan.move.database.DatabaseAddress;
import dev.banyan.move.database.Lifeline;
import dev.banyan.move.plan.Limit;
import dev.banyan.move.plan.Plan;
import dev.banyan.move.plan.SidePlan;
import dev.banyan.move.plan.TestLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is told, and what is left, where two have to do with one move at the same moment. */
class OvertakenIntegrationTests {

  private static final String TABLE = "create schema s; create table s.t (id bigint primary key, v text);";

  private static Move inSync(String module) {
    Move move = Move.of(module, "s.t");
    move.onBoth(TABLE).onMonolith("insert into s.t select i, 'v' || i from generate_series(1, 100) i").start().awaitPhase(Phase.IN_SYNC);
    assertThat(move.awaitDone(Kind.VERIFY).outcome()).containsEntry("equal", true);
    return move;
  }

  @Test
  void twoDoctorsWhoFinishOneEndingBeginNoMove() throws Exception {
    try (Move move = inSync("two_doctors")) {
      move.stop();
      move.space.control().advance(move.space.control().get("two_doctors"), Phase.CANCELLED, Map.of("keepData", false));
      List<CompletableFuture<Doctor.Diagnosis>> doctors = new ArrayList<>();
      try (MoverLock lock = MoverLock.take(move.space.monolith(), "two_doctors", Duration.ofSeconds(10))) {
        lock.requireHeld();
        for (int i = 0; i < 2; i++) {
          doctors.add(CompletableFuture.supplyAsync(() -> {
            try {
              return new Doctor(move.space).fix(sentence -> { });
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          }));
        }
        await("both to wait for the lock").until(() -> waitingForTheLock() == 2);
      }
      for (CompletableFuture<Doctor.Diagnosis> doctor : doctors) {
        assertThat(doctor.join().safe()).isTrue();
      }
      assertThat(move.space.control().get("two_doctors").phase()).isEqualTo(Phase.CANCELLED);
      move.onService("insert into s.t values (1, 'the service is its own again')");
    }
  }

  private static long waitingForTheLock() {
    return Thread.getAllStackTraces().values().stream()
        .filter(stack -> Stream.of(stack).anyMatch(frame -> frame.getClassName().equals(MoverLock.class.getName()))).count();
  }

  /** The mover did not answer, who asked was broken off, and somebody starts it again hours later. */
  @Test
  void doesNotDoWhatWasAskedForBeforeItWasStarted() throws Exception {
    try (Move move = inSync("forgotten")) {
      move.stop();
      long asked = move.space.intents().request("forgotten", Kind.CANCEL, Map.of(), "somebody").orElseThrow();
      move.space.monolith().jdbi().useHandle(handle -> handle.execute(
          "update banyan.intent set requested_at = requested_at - interval '1 hour' where id = ?", asked));
      move.start();
      await().until(() -> move.space.intents().get(asked).state().isEnded());
      assertThat(move.space.intents().get(asked).state()).isEqualTo(State.REFUSED);
      assertThat(move.awaitDone(Kind.VERIFY).outcome()).containsEntry("equal", true);
    }
  }

  @Test
  void aMoverThatWasInterruptedDoesNotBeginAnewWhatSomebodyHasEnded() throws Exception {
    try (Move move = inSync("ended_meanwhile")) {
      move.cut(move.space.monolith());
      MoverLock lock = MoverLock.take(move.space.monolith(), "ended_meanwhile", Duration.ofSeconds(10));
      Extraction taken = move.space.control().takeOver("ended_meanwhile");
      Extraction cancelled = move.space.control().advance(taken, Phase.CANCELLED, Map.of("keepData", false));
      try (Session other = new Session(move.space, sentence -> { }, StepGate.OPEN, lock, new Lifeline(move.space.service()),
          move.space.checker().ofTables(), cancelled)) {
        other.settle();
        other.leave();
      }
      await().during(Duration.ofSeconds(4)).atMost(Duration.ofSeconds(10))
          .until(() -> move.space.control().get("ended_meanwhile").phase() == Phase.CANCELLED);
      move.requireWell();
    }
  }

  @Test
  void aSwitchThatASuccessorCarriesOnIsNotToldToHaveFailed() throws Exception {
    StoppingGate gate = new StoppingGate();
    try (Move move = Move.of("told_failed", "s.t").gated(gate)) {
      move.onBoth(TABLE).onMonolith("insert into s.t select i, 'v' || i from generate_series(1, 100) i").start().awaitPhase(Phase.IN_SYNC);
      assertThat(move.awaitDone(Kind.VERIFY).outcome()).containsEntry("equal", true);
      gate.stopAt("RELEASE");
      long id = move.space.intents().request("told_failed", Kind.SWITCH_WRITES, Map.of(), "test").orElseThrow();
      gate.awaitReached();
      move.space.control().takeOver("told_failed");
      gate.letGo();
      await("the overtaken mover to end").atMost(Duration.ofSeconds(60)).until(() -> move.failure != null);
      assertThat(move.space.control().get("told_failed").owner()).isEqualTo(Owner.SERVICE);
      move.stop();
      move.start();
      await("its end").atMost(Duration.ofSeconds(60)).until(() -> move.space.intents().get(id).state().isEnded());
      assertThat(move.space.intents().get(id).state()).isEqualTo(State.DONE);
    }
  }

  @Test
  void readsThatWereNotTakenBackAreNotToldToBe() throws Exception {
    try (Move move = inSync("reads_told")) {
      move.stop();
      move.space.control().routeReads(move.space.control().get("reads_told"), 50);
      long id = move.space.intents().request("reads_told", Kind.ROLLBACK, Map.of(), "test").orElseThrow();
      assertThat(move.space.intents().begin(move.space.intents().get(id))).isTrue();
      move.start();
      await("its end").atMost(Duration.ofSeconds(60)).until(() -> move.space.intents().get(id).state().isEnded());
      boolean back = move.space.control().get("reads_told").phase() == Phase.IN_SYNC;
      assertThat(move.space.intents().get(id).state()).isEqualTo(back ? State.DONE : State.FAILED);
    }
  }

  @Test
  void proxiesHoldAsLongAsThePlanSaysNow() throws Exception {
    try (Move move = inSync("max_pause")) {
      move.stop();
      Plan plan = move.space.plan();
      Plan longer = new Plan(plan.file(), plan.module(), plan.monolith(), plan.service(), plan.tables(), plan.routes(),
          TestLimits.defaultsBut(Limit.MAX_PAUSE, "7s"));
      try (Workspace space = new Workspace(longer)) {
        Thread mover = new Thread(() -> {
          try {
            new Mover(space, sentence -> { }).run();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
        mover.start();
        await("mover").until(() -> move.space.progress().mover("max_pause").filter(MoverState::alive).filter(m -> m.state().equals("streaming")).isPresent());
        move.awaitDone(Kind.SWITCH_WRITES);
        Duration hold = move.space.control().get("max_pause").maxHold();
        mover.interrupt();
        mover.join(30_000);
        assertThat(hold).isEqualTo(Duration.ofSeconds(7));
      }
    }
  }

  @Test
  void whoIsRefusedTheLockDoesNotSayThatTheMoverIsGone() throws Exception {
    StoppingGate gate = new StoppingGate();
    try (Move move = Move.of("said_gone", "s.t").gated(gate)) {
      move.onBoth(TABLE).onMonolith("insert into s.t select i, 'v' || i from generate_series(1, 100) i").start().awaitPhase(Phase.IN_SYNC);
      assertThat(move.awaitDone(Kind.VERIFY).outcome()).containsEntry("equal", true);
      gate.stopAt("AWAIT_PROXIES");
      long id = move.space.intents().request("said_gone", Kind.SWITCH_WRITES, Map.of(), "test").orElseThrow();
      gate.awaitReached();
      Plan plan = move.space.plan();
      DatabaseAddress away = new DatabaseAddress("jdbc:postgresql://localhost:1/none", "nobody", "nothing");
      boolean alive = true;
      try (Workspace elsewhere = new Workspace(new Plan(plan.file(), plan.module(), plan.monolith(), new SidePlan(plan.service().url(), away),
          plan.tables(), plan.routes(), plan.limits()))) {
        for (int i = 0; i < 5 && alive; i++) {
          assertThatThrownBy(() -> new Doctor(elsewhere).fix(sentence -> { })).isInstanceOf(Refused.class);
          alive = move.space.progress().mover("said_gone").filter(MoverState::alive).isPresent();
        }
      }
      gate.letGo();
      await("its end").atMost(Duration.ofSeconds(60)).until(() -> move.space.intents().get(id).state().isEnded());
      assertThat(alive).isTrue();
    }
  }

  @Test
  void tellsWhichSwitchWasBrokenOffAtItsFirstStep() throws Exception {
    try (Move move = inSync("first_step")) {
      move.awaitDone(Kind.SWITCH_WRITES);
      move.stop();
      move.space.control().begin(move.space.control().get("first_step"), "ANNOUNCE");
      assertThat(new Doctor(move.space).examine().state()).contains("to the monolith").contains("before its point of no return");
    }
  }
}
