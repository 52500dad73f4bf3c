package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.Intents.Intent;
import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Phase;
import dev.banyan.move.mover.Doctor.Diagnosis;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.plan.TestLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Switch and rollback, again and again without a pause, under writers that follow the owner. */
class PingPongIntegrationTests {

  private static final Limits LIMITS = TestLimits.of("300ms", 5, 2, 1_000);

  @Test
  void losesNothingAndLeavesNothingOver() throws Exception {
    pingPong("ping_pong", 4);
  }

  @Tag("thorough")
  @Test
  void losesNothingAndLeavesNothingOverAHundredTimes() throws Exception {
    List<Double> pauses = pingPong("ping_pong_long", 100);
    int third = pauses.size() / 3;
    double first = median(pauses.subList(0, third));
    double last = median(pauses.subList(pauses.size() - third, pauses.size()));
    System.out.printf("pauses: median of the first third %.1f ms, of the last %.1f ms, longest %.1f ms%n", first, last,
        pauses.stream().mapToDouble(Double::doubleValue).max().orElseThrow());
    // A leak that made them grow would show in another order of magnitude.
    assertThat(last).isLessThan(3 * first + 20);
  }

  private static List<Double> pingPong(String module, int pairs) throws Exception {
    List<Double> pauses = new ArrayList<>();
    try (Move move = Move.of(module, LIMITS, List.of(Move.table("s.account"), Move.table("s.entry")))) {
      move.onBoth(Accounts.TABLES).onMonolith(Accounts.FILL).start().awaitPhase(Phase.IN_SYNC);
      try (Accounts accounts = new Accounts(move, 3)) {
        assertThat(move.awaitDone(Kind.VERIFY).outcome()).containsEntry("equal", true);
        for (int pair = 0; pair < pairs; pair++) {
          pauses.add(pause(move.awaitDone(Kind.SWITCH_WRITES)));
          // At any moment, it makes nothing worse.
          Diagnosis diagnosis = new Doctor(move.space).fix(sentence -> { });
          assertThat(diagnosis.safe()).as("%s", diagnosis).isTrue();
          pauses.add(pause(move.awaitDone(Kind.ROLLBACK)));
        }
        accounts.close();
        assertThat(move.awaitDone(Kind.VERIFY).outcome()).containsEntry("equal", true);
        accounts.assertNothingLostOrDoubled();
      }
      assertThat(move.monolithRows("select slot_name from pg_replication_slots where database = current_database()")).hasSize(1);
      assertThat(move.serviceRows("select slot_name from pg_replication_slots where database = current_database()")).isEmpty();
    }
    return pauses;
  }

  private static double pause(Intent switched) {
    return ((Number) Map.copyOf(switched.outcome()).get("pauseMillis")).doubleValue();
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
