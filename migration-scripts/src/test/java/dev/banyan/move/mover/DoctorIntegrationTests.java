package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Phase;
import dev.banyan.control.Progress.MoverState;
import dev.banyan.control.client.Fence;
import dev.banyan.control.client.Owner;
import dev.banyan.move.check.Finding;
import dev.banyan.move.mover.Doctor.Diagnosis;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the doctor says of a move whose mover was killed, and what it mends. */
class DoctorIntegrationTests {

  private static final String TABLE = "create schema s; create table s.t (id bigint primary key, v text);";

  @TempDir
  private Path directory;

  private static Move inSync(String module) {
    Move move = Move.of(module, "s.t");
    move.onBoth(TABLE).onMonolith("insert into s.t select i, 'v' || i from generate_series(1, 100) i").start().awaitPhase(Phase.IN_SYNC);
    assertThat(move.awaitDone(Kind.VERIFY).outcome()).containsEntry("equal", true);
    return move;
  }

  private static Diagnosis examine(Move move) throws Exception {
    return new Doctor(move.space).examine();
  }

  @ParameterizedTest
  @CsvSource({
      "WARM_WAY_BACK, before, MONOLITH", "AWAIT_PROXIES, before, MONOLITH", "CATCH_UP, before, MONOLITH",
      "OPEN, behind, SERVICE", "RELEASE, behind, SERVICE", "DROP_FORMER_SLOT, behind, SERVICE"})
  void tellsWhereASwitchWasBrokenOffAndSettlesIt(String step, String where, Owner owner) throws Exception {
    try (Move move = inSync("doctor_" + step.toLowerCase(Locale.ROOT))) {
      move.stop();
      try (KillableMover mover = KillableMover.start(move.writePlan(directory), step)) {
        mover.awaitStep(move, Kind.SWITCH_WRITES);
        // Whatever a mover that runs has half done is its own business.
        Diagnosis during = new Doctor(move.space).fix(sentence -> { });
        assertThat(during.safe()).as("%s", during).isNotEqualTo(move.space.control().get(move.space.module()).held());
        assertThat(during.state()).contains("A switch to the service is at step %s".formatted(step)).endsWith("Its mover runs.");
      }
      // It was heard of a moment ago; only its lock tells that it is gone.
      await().until(() -> MoverLock.holder(move.space.monolith(), move.space.module()).isEmpty());
      seenJustNow(move);

      Diagnosis broken = examine(move);
      assertThat(broken.safe()).isFalse();
      assertThat(broken.state()).contains("the %s owns".formatted(owner.word()))
          .contains("A switch to the service was broken off at step %s, %s its point of no return. Its mover waits, or has just ended.".formatted(step, where));

      Diagnosis mended = new Doctor(move.space).fix(sentence -> { });
      assertThat(mended.safe()).as("%s", mended).isTrue();
      assertThat(mended.findings()).extracting(Finding::condition).containsExactly("mover");
      assertThat(mended.state()).doesNotContain("broken off");
      write(move, owner);
      assertThatThrownBy(() -> write(move, owner.other())).satisfies(e -> assertThat(Fence.raised(e)).isTrue());

      move.start();
      await().until(() -> examine(move).findings().isEmpty());
      assertThat(move.awaitDone(Kind.VERIFY).outcome()).containsEntry("equal", true);
      assertThat(move.awaitDone(owner == Owner.SERVICE ? Kind.ROLLBACK : Kind.SWITCH_WRITES).state().isEnded()).isTrue();
    }
  }

  private static void seenJustNow(Move move) {
    move.onMonolith("update banyan.mover set seen_at = clock_timestamp() + interval '1 minute'");
    assertThat(move.space.progress().mover(move.space.module())).get().extracting(MoverState::alive).isEqualTo(true);
  }

  @Test
  void namesWhoHasTheLockAndSaysNothing() throws Exception {
    try (Move move = inSync("doctor_hang")) {
      move.stop();
      try (KillableMover mover = KillableMover.start(move.writePlan(directory), "AWAIT_PROXIES")) {
        mover.awaitStep(move, Kind.SWITCH_WRITES);
        mover.standStill();
        await().until(() -> move.space.progress().mover("doctor_hang").filter(MoverState::alive).isEmpty());
        Diagnosis found = examine(move);
        assertThat(found.safe()).isFalse();
        assertThat(found.state()).contains("was broken off at step AWAIT_PROXIES").endsWith("Its mover has its lock and says nothing.");
        String holder = MoverLock.holder(move.space.monolith(), "doctor_hang").orElseThrow();
        assertThat(holder).matches("process \\d+ of the monolith's server, from 127.0.0.1, since .*Z");
        assertThat(found.findings()).extracting(Finding::condition).contains("mover", "writes", "what was asked for");
        assertThat(found.findings().get(0).measured()).startsWith(holder + " has its lock");
        assertThatThrownBy(() -> new Doctor(move.space).fix(sentence -> { })).isInstanceOf(Refused.class).hasMessageContaining(holder);
      }
      await().until(() -> MoverLock.holder(move.space.monolith(), "doctor_hang").isEmpty());
      assertThat(new Doctor(move.space).fix(sentence -> { }).safe()).isTrue();
      write(move, Owner.MONOLITH);
    }
  }

  private static void write(Move move, Owner side) {
    (side == Owner.MONOLITH ? move.space.monolith() : move.space.service()).jdbi()
        .useHandle(handle -> handle.execute("insert into s.t values (1001, 'accepted') on conflict (id) do nothing"));
  }

  @Test
  void tellsWhereAMoveStandsFromItsBeginningToItsEnd() throws Exception {
    try (Move move = Move.of("doctor_whole", "s.t")) {
      move.onBoth(TABLE);
      assertThat(examine(move)).extracting(Diagnosis::state, Diagnosis::safe).containsExactly("No move of module 'doctor_whole' has begun.", true);
      move.start().awaitPhase(Phase.IN_SYNC);
      await().untilAsserted(() -> assertThat(examine(move).state())
          .isEqualTo("Module 'doctor_whole' is IN_SYNC: the monolith owns, the service follows. Its mover runs."));
      assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
      move.awaitDone(Kind.SWITCH_WRITES);
      assertThat(examine(move).state()).isEqualTo("Module 'doctor_whole' is WRITES_SWITCHED: the service owns, the monolith follows. Its mover runs.");
      assertThat(examine(move).findings()).isEmpty();
      move.awaitDone(Kind.COMPLETE);
      assertThat(examine(move)).isEqualTo(new Diagnosis("The move of module 'doctor_whole' has ended: it is completed, and the service owns.",
          true, List.of()));
    }
  }

  @Test
  void finishesAnEndingThatWasBrokenOff() throws Exception {
    try (Move move = inSync("doctor_ending")) {
      move.stop();
      var record = move.space.control().get("doctor_ending");
      move.space.control().advance(record, Phase.CANCELLED, Map.of("keepData", false));
      assertThat(examine(move).safe()).isFalse();
      assertThat(new Doctor(move.space).fix(sentence -> { })).isEqualTo(new Diagnosis(
          "The move of module 'doctor_ending' has ended: it is cancelled, and the monolith owns.", true, List.of()));
      assertThat(move.serviceRows("select count(*)::text from s.t")).containsExactly("0");
    }
  }

  @Test
  void saysThatASlotIsGoneAndWhatIsLeftToDo() throws Exception {
    try (Move move = inSync("doctor_slot")) {
      move.stop();
      await().ignoreExceptions().untilAsserted(() -> move.onMonolith("select pg_drop_replication_slot('banyan_doctor_slot_monolith')"));
      Diagnosis found = examine(move);
      assertThat(found.safe()).isTrue();
      assertThat(found.findings()).extracting(Finding::condition).containsExactly("mover", "slot of the monolith");
    }
  }
}
