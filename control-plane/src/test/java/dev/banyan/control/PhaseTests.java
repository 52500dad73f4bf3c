package dev.banyan.control;

import static dev.banyan.control.Phase.CANCELLED;
import static dev.banyan.control.Phase.COMPLETED;
import static dev.banyan.control.Phase.COPYING;
import static dev.banyan.control.Phase.IN_SYNC;
import static dev.banyan.control.Phase.PLANNED;
import static dev.banyan.control.Phase.READS_SWITCHED;
import static dev.banyan.control.Phase.WRITES_SWITCHED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PhaseTests {

  private static final Set<String> ALLOWED = Set.of(
      "PLANNED>COPYING", "PLANNED>CANCELLED",
      "COPYING>IN_SYNC", "COPYING>CANCELLED",
      "IN_SYNC>READS_SWITCHED", "IN_SYNC>WRITES_SWITCHED", "IN_SYNC>CANCELLED",
      "READS_SWITCHED>IN_SYNC", "READS_SWITCHED>READS_SWITCHED", "READS_SWITCHED>WRITES_SWITCHED", "READS_SWITCHED>CANCELLED",
      "WRITES_SWITCHED>IN_SYNC", "WRITES_SWITCHED>COMPLETED",
      "CANCELLED>PLANNED");

  static Stream<Arguments> everyPair() {
    return Arrays.stream(Phase.values()).flatMap(from -> Arrays.stream(Phase.values()).map(to -> Arguments.of(from, to)));
  }

  @ParameterizedTest
  @MethodSource("everyPair")
  void allowsWhatTheProtocolAllowsAndNothingElse(Phase from, Phase to) {
    assertThat(from.mayBecome(to)).isEqualTo(ALLOWED.contains(from + ">" + to));
  }

  @ParameterizedTest
  @MethodSource("everyPair")
  void followsInTheMiddleAndEndsAtTheEnds(Phase phase, Phase ignored) {
    assertThat(phase.isFollowing()).isEqualTo(Set.of(IN_SYNC, READS_SWITCHED, WRITES_SWITCHED).contains(phase));
    assertThat(phase.isEnded()).isEqualTo(Set.of(COMPLETED, CANCELLED).contains(phase));
    assertThat(Set.of(PLANNED, COPYING).contains(phase)).isEqualTo(!phase.isFollowing() && !phase.isEnded());
  }
}
