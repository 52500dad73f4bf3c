package dev.banyan.move.cutover.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.control.client.Owner;
import dev.banyan.move.cutover.protocol.ModelMover.Life;
import dev.banyan.move.cutover.protocol.ModelMoves.Move;
import dev.banyan.move.cutover.protocol.ModelWorld.Budget;
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
 * acts, and clients that write to either side whenever they can. In each of them the invariants hold, and a mover that is
 * left alone settles everything.
 */
class SwitchModelTests {

  private static final List<Move> MOVES = ModelMoves.all();
  private static final List<Move> ALONE = ModelMoves.ofMoverAlone(0);
  private static final int SETTLED_WITHIN = 100;

  private record From(@Nullable From before, String move) {}

  @Test
  void holdsItsInvariantsWhereMoversAreKilledAndStepsFail() {
    assertThat(explore(new Budget(2, 2, 1, 0, 2), Set.of())).isGreaterThan(50_000);
  }

  @Test
  void holdsItsInvariantsWhereAMoverIsOvertakenAndGoesOn() {
    assertThat(explore(new Budget(1, 1, 0, 1, 2), Set.of())).isGreaterThan(50_000);
  }

  @Tag("thorough")
  @Test
  void holdsItsInvariantsWithMoreOfEverything() {
    assertThat(explore(new Budget(3, 2, 1, 0, 3), Set.of())).isGreaterThan(500_000);
    assertThat(explore(new Budget(2, 1, 1, 1, 2), Set.of())).isGreaterThan(500_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fence", "catchUp", "storeTurn", "open", "dropSlot", "install adopt"})
  void noticesActsThatDoNothing(String acts) {
    assertThatThrownBy(() -> explore(new Budget(2, 1, 0, 1, 2), Set.of(acts.split(" ")))).isInstanceOf(AssertionError.class);
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

  /** Whatever has happened: all movers are killed, and one is started and left alone. */
  private static void settle(ModelWorld reached, Set<String> settled) {
    ModelWorld world = reached.copy();
    world.left = new Budget(0, 0, 0, 0, 0);
    for (int mover = 0; mover < world.movers.length; mover++) {
      ModelMoves.end(world, mover);
    }
    for (Owner owner : Owner.values()) {
      if (world.side(owner).openWrite != ModelSide.NONE) {
        ModelMoves.commitWrite(world, owner);
      }
    }
    if (!settled.add(world.key())) {
      return;
    }
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
