package dev.banyan.move.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.move.history.Operation.Kind;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The checker itself, on histories that are known to be right and wrong. */
class LinearizabilityTests {

  private static Operation increment(long begun, long ended, long sum) {
    return new Operation(begun, ended, Kind.INCREMENT, sum);
  }

  private static Operation write(long begun, long ended, long value) {
    return new Operation(begun, ended, Kind.WRITE, value);
  }

  private static Operation read(long begun, long ended, long value) {
    return new Operation(begun, ended, Kind.READ, value);
  }

  private static void assertRight(Operation... history) {
    assertThat(Linearizability.violation(0, List.of(history))).isEmpty();
  }

  private static void assertWrong(Operation... history) {
    assertThat(Linearizability.violation(0, List.of(history))).isPresent();
  }

  @Test
  void acceptsOperationsOneAfterAnother() {
    assertRight(increment(1, 2, 1), increment(3, 4, 2), read(5, 6, 2), write(7, 8, 9), read(9, 10, 9));
  }

  @Test
  void acceptsAnyOrderOfOperationsAtTheSameTime() {
    assertRight(increment(1, 10, 2), increment(2, 9, 1));
    assertRight(write(1, 10, 5), read(2, 3, 0), read(4, 5, 5));
  }

  @Test
  void refusesALostWrite() {
    assertWrong(increment(1, 2, 1), increment(3, 4, 1));
    assertWrong(write(1, 2, 5), read(3, 4, 0));
  }

  @Test
  void refusesAWriteThatIsSeenAndThenNot() {
    assertWrong(write(1, 10, 5), read(2, 3, 5), read(4, 5, 0));
  }

  @Test
  void refusesTwoSidesThatAcceptAtTheSameTime() {
    assertWrong(increment(1, 4, 1), increment(2, 3, 1));
  }

  @Test
  void refusesAnAnswerBeforeItsCause() {
    assertWrong(increment(1, 2, 2), increment(3, 4, 1));
  }

  @Test
  void letsAnUnansweredOperationTakeEffectAtAnyTimeAfterItsBeginning() {
    Operation silent = new Operation(1, Operation.NEVER, Kind.SILENT_INCREMENT, 0);
    assertRight(silent, increment(2, 3, 1), increment(4, 5, 3));
    assertRight(silent, increment(2, 3, 1));
    assertWrong(new Operation(4, Operation.NEVER, Kind.SILENT_INCREMENT, 0), increment(2, 3, 2));
  }

  @Test
  void findsOneBentAnswerInALongHistory() {
    Random random = new Random(7);
    List<Operation> history = IntStream.rangeClosed(1, 5_000)
        .mapToObj(i -> increment(i * 10L - random.nextInt(25), i * 10L + random.nextInt(5), i)).toList();
    assertThat(Linearizability.violation(0, history)).isEmpty();
    List<Operation> bent = new java.util.ArrayList<>(history);
    bent.set(3_000, increment(history.get(3_000).begun(), history.get(3_000).ended(), 2_000));
    assertThat(Linearizability.violation(0, bent)).hasValueSatisfying(text -> assertThat(text).contains("none of these can come next"));
  }
}
