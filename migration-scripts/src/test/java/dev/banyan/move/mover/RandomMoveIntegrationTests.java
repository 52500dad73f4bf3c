package dev.banyan.move.mover;

import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;

/**
 * Whatever the tables, whatever is written by several sessions at once, and wherever the mover is interrupted: in the
 * end both sides are equal, and verification says so. What fails is printed with its seed; {@code @Property(seed = "…")}
 * repeats it.
 */
class RandomMoveIntegrationTests {

  @Property(tries = 5, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED, afterFailure = AfterFailureMode.SAMPLE_FIRST)
  void endsEqual(@ForAll("moves") RandomMove move) throws Exception {
    move.run();
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED, afterFailure = AfterFailureMode.SAMPLE_FIRST)
  @Tag("thorough")
  void endsEqualInManyTriesWithServersKilled(@ForAll("movesWithKills") RandomMove move) throws Exception {
    move.run();
  }

  @Provide
  Arbitrary<RandomMove> moves() {
    return RandomMoves.moves(1, false);
  }

  @Provide
  Arbitrary<RandomMove> movesWithKills() {
    return RandomMoves.moves(3, true);
  }
}
