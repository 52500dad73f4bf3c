package dev.banyan.move.cutover.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.control.client.Owner;
import dev.banyan.move.cutover.protocol.Budget.Chance;
import dev.banyan.move.cutover.protocol.ModelMover.Life;
import dev.banyan.move.cutover.protocol.ModelMoves.Move;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Visits every state that the steps of a switch can lead to, with movers killed, failing and overtaken between any two
 * acts, answers that are lost, messages that arrive late or never, and clients that write to either side whenever they can. In each of them the invariants hold, and a mover that is
 * left alone settles everything.
 */
class SwitchModelTests {

  private static final List<Move> MOVES = ModelMoves.all();
  private static final List<Move> ALONE = ModelMoves.ofMoverAlone(0);
  private static final int SETTLED_WITHIN = 100;

  private record From(@Nullable From before, String move) {}

  @Test
  void holdsItsInvariantsWhereMoversAreKilledAndStepsFail() {
    assertThat(explore(budget(2, 2, 1, 0, 2), Set.of())).isGreaterThan(50_000);
  }

  @Test
  void holdsItsInvariantsWhereAMoverIsOvertakenAndGoesOn() {
    assertThat(explore(budget(1, 1, 0, 1, 2), Set.of())).isGreaterThan(50_000);
  }

  @Test
  void holdsItsInvariantsWhereAnswersAreLostAndMessagesAreLate() {
    assertThat(explore(budget(2, 0, 0, 0, 2).with(Chance.LOST_ANSWER, 2), Set.of())).isGreaterThan(30_000);
    assertThat(explore(budget(1, 1, 0, 0, 2).with(Chance.LATE_MESSAGE, 1), Set.of())).isGreaterThan(30_000);
  }

  @Tag("thorough")
  @Test
  void holdsItsInvariantsWithMoreOfEverything() {
    assertThat(explore(budget(3, 2, 1, 0, 3), Set.of())).isGreaterThan(400_000);
    assertThat(explore(budget(1, 0, 0, 1, 2).with(Chance.LATE_MESSAGE, 1), Set.of())).isGreaterThan(500_000);
    assertThat(explore(budget(1, 1, 0, 0, 2).with(Chance.LATE_MESSAGE, 1).with(Chance.LOST_ANSWER, 1), Set.of())).isGreaterThan(200_000);
    assertThat(explore(budget(2, 1, 1, 1, 2), Set.of())).isGreaterThan(500_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fence", "catchUp", "storeTurn", "open", "dropSlot", "install adopt"})
  void noticesActsThatDoNothing(String acts) {
    assertThatThrownBy(() -> explore(budget(2, 1, 0, 1, 2), Set.of(acts.split(" ")))).isInstanceOf(AssertionError.class);
  }

  private static Budget budget(int writes, int kills, int failures, int overlaps, int switches) {
    return Budget.none().with(Chance.WRITE, writes).with(Chance.KILL, kills).with(Chance.FAILURE, failures)
        .with(Chance.OVERLAP, overlaps).with(Chance.SWITCH, switches);
  }

  /** Returns how many states there are. */
  private static int explore(Budget budget, Set<String> broken) {
    Map<String, From> seen = new HashMap<>();
    Set<String> settled = new HashSet<>();
    ArrayDeque<ModelWorld> open = new ArrayDeque<>();
    ModelWorld first = new ModelWorld(budget, broken);
    seen.put(first.key(), new From(null, "in sync"));
    open.add(first);
    while (!open.isEmpty()) {
      ModelWorld world = open.poll();
      From from = seen.get(world.key());
      for (Move move : MOVES) {
        ModelWorld next = world.copy();
        try {
          move.happening().in(next);
          String key = next.key();
          if (seen.putIfAbsent(key, new From(from, move.name() + doing(world))) == null) {
            next.check();
            settle(next, settled);
            open.add(next);
          }
        } catch (Impossible e) {
          // Waits for somebody else.
        } catch (AssertionError e) {
          throw new AssertionError(e.getMessage() + "\n" + way(new From(from, move.name() + doing(world))) + "\n" + next.key(), e);
        }
      }
    }
    return seen.size();
  }

  /** Whatever has happened: all movers are killed, and one is started and left alone. What is on its way arrives, or does not. */
  private static void settle(ModelWorld reached, Set<String> settled) {
    for (boolean arrives : reached.isCalm() ? new boolean[] {false} : new boolean[] {true, false}) {
      ModelWorld world = reached.copy();
      world.left = Budget.none();
      for (int mover = 0; mover < world.movers.length; mover++) {
        ModelMoves.end(world, mover);
      }
      ModelMessages.end(world, arrives);
      for (Owner owner : Owner.values()) {
        if (world.side(owner).openWrite != ModelSide.NONE) {
          ModelMoves.commitWrite(world, owner);
        }
      }
      if (settled.add(world.key())) {
        settleAlone(world);
      }
    }
  }

  private static void settleAlone(ModelWorld world) {
    for (int moves = 0; step(world); moves++) {
      world.check();
      assertThat(moves).isLessThan(SETTLED_WITHIN);
    }
    assertThat(world.movers[0].life).isEqualTo(Life.FOLLOWING);
    world.checkSettled();
  }

  private static boolean step(ModelWorld world) {
    for (Move move : ALONE) {
      try {
        move.happening().in(world);
        return true;
      } catch (Impossible e) {
        // The next one may be.
      }
    }
    return false;
  }

  private static String doing(ModelWorld world) {
    return " (%s, %s)".formatted(world.movers[0].doing(), world.movers[1].doing());
  }

  private static String way(From last) {
    List<String> way = new ArrayList<>();
    for (From from = last; from != null; from = from.before()) {
      way.add(from.move());
    }
    Collections.reverse(way);
    return String.join("\n", way);
  }
}
