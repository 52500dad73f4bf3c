package dev.banyan.move.history;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Tells whether a history of one number can be put into an order in which each operation takes effect at one moment
 * between its beginning and its end, and answers what was answered.
 *
 * <p>J. M. Wing and C. Gong, "Testing and Verifying Concurrent Objects" (1993), with the memory of visited states that
 * G. Lowe added ("Testing for linearizability", 2017).
 */
public final class Linearizability {

  private record State(BitSet done, long number) {}

  private record Place(State state, int next) {}

  private Linearizability() {}

  /** Returns empty where there is such an order; otherwise the first operations that fit into none. */
  public static Optional<String> violation(long initial, List<Operation> history) {
    Search search = new Search(history);
    return search.from(initial) ? Optional.empty() : Optional.of(search.furthest());
  }

  private static final class Search {

    private final List<Operation> history;
    private final Set<State> seen = new HashSet<>();
    private State furthest = new State(new BitSet(), 0);

    Search(List<Operation> history) {
      this.history = history.stream().sorted(Comparator.comparingLong(Operation::begun)).toList();
    }

    /** Without recursion: a history may be longer than a stack is deep. */
    boolean from(long initial) {
      ArrayDeque<Place> path = new ArrayDeque<>();
      path.push(new Place(new State(new BitSet(), initial), 0));
      while (!path.isEmpty()) {
        Place place = path.pop();
        State state = place.state();
        if (isComplete(state)) {
          return true;
        }
        int next = nextPossible(state, place.next());
        if (next >= 0) {
          path.push(new Place(state, next + 1));
          Optional<State> after = apply(state, next).filter(seen::add);
          after.ifPresent(reached -> {
            furthest = reached.done().cardinality() > furthest.done().cardinality() ? reached : furthest;
            path.push(new Place(reached, 0));
          });
        }
      }
      return false;
    }

    private boolean isComplete(State state) {
      return state.done().cardinality() == history.size();
    }

    /** An operation may come next if none that is left had ended before it began. */
    private int nextPossible(State state, int from) {
      long firstEnd = Operation.NEVER;
      for (int i = state.done().nextClearBit(0); i < history.size(); i = state.done().nextClearBit(i + 1)) {
        Operation operation = history.get(i);
        if (operation.begun() > firstEnd) {
          return -1;
        }
        if (i >= from) {
          return i;
        }
        firstEnd = Math.min(firstEnd, operation.ended());
      }
      return -1;
    }

    private Optional<State> apply(State state, int index) {
      Operation operation = history.get(index);
      OptionalLong after = switch (operation.kind()) {
        case INCREMENT -> state.number() + 1 == operation.value() ? OptionalLong.of(operation.value()) : OptionalLong.empty();
        case SILENT_INCREMENT -> OptionalLong.of(state.number() + 1);
        case WRITE -> OptionalLong.of(operation.value());
        case READ -> state.number() == operation.value() ? OptionalLong.of(state.number()) : OptionalLong.empty();
      };
      if (after.isEmpty()) {
        return Optional.empty();
      }
      BitSet done = (BitSet) state.done().clone();
      done.set(index);
      return Optional.of(new State(done, after.getAsLong()));
    }

    String furthest() {
      int first = furthest.done().nextClearBit(0);
      return "after %d of %d operations the number is %d, and none of these can come next: %s".formatted(furthest.done().cardinality(),
          history.size(), furthest.number(), history.subList(first, Math.min(history.size(), first + 5)));
    }
  }
}
