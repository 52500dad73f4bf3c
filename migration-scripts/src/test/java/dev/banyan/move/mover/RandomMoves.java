package dev.banyan.move.mover;

import dev.banyan.move.mover.RandomEpisode.Fault;
import dev.banyan.move.mover.RandomTable.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Makes random moves; what fails is made smaller step by step. */
final class RandomMoves {

  private static final int ROWS = 30;
  private static final List<Fault> COPYING = List.of(Fault.NONE, Fault.STOP, Fault.CUT_MONOLITH, Fault.CUT_SERVICE);
  private static final List<Fault> STREAMING =
      List.of(Fault.NONE, Fault.STOP, Fault.CUT_MONOLITH, Fault.CUT_SERVICE, Fault.CUT_AT_COMMIT, Fault.VERIFY, Fault.VERIFY_CUT);
  private static final List<Fault> KILLS = List.of(Fault.KILL_MONOLITH, Fault.KILL_SERVICE);

  private RandomMoves() {}

  /** Returns moves of so many episodes at most in each phase. */
  static Arbitrary<RandomMove> moves(int episodes, boolean kills) {
    Arbitrary<List<RandomEpisode>> copying = episodes(kills ? and(COPYING, KILLS) : COPYING).list().ofMaxSize(episodes);
    Arbitrary<List<RandomEpisode>> streaming = episodes(kills ? and(STREAMING, KILLS) : STREAMING).list().ofMinSize(1).ofMaxSize(episodes);
    Arbitrary<List<RandomEpisode>> back = streaming.injectNull(0.6).map(some -> some == null ? List.of() : some);
    return Combinators.combine(tables(), copying, streaming, back).as(RandomMove::new);
  }

  private static List<Fault> and(List<Fault> some, List<Fault> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }

  private static Arbitrary<List<RandomTable>> tables() {
    return table().list().ofMinSize(1).ofMaxSize(4).map(tables -> {
      List<RandomTable> numbered = new ArrayList<>();
      IntStream.range(0, tables.size()).forEach(i -> numbered.add(numbered(tables.get(i), i)));
      return List.copyOf(numbered);
    });
  }

  private static RandomTable numbered(RandomTable table, int number) {
    return new RandomTable(number, table.identity(), table.types(), table.unique(), table.renamed(), table.filtered()).possible();
  }

  private static Arbitrary<RandomTable> table() {
    // What refuses nulls cannot be inserted without.
    Arbitrary<String> types = Arbitraries.of(TypeZooIntegrationTests.VALUES.keySet().stream().filter(type -> !type.contains("Größe")).toList());
    return Combinators.combine(Arbitraries.of(Identity.class), types.list().ofMaxSize(4), chance(2), chance(2), chance(4))
        .as((identity, further, unique, renamed, filtered) -> new RandomTable(0, identity, further, unique, renamed, filtered));
  }

  private static Arbitrary<Boolean> chance(int oneIn) {
    return Arbitraries.frequency(Tuple.of(oneIn - 1, false), Tuple.of(1, true));
  }

  private static Arbitrary<RandomEpisode> episodes(List<Fault> faults) {
    return Combinators.combine(steps(), Arbitraries.of(faults), Arbitraries.integers().between(0, 12), steps()).as(RandomEpisode::new);
  }

  private static Arbitrary<List<RandomStep>> steps() {
    return step().list().ofMaxSize(60);
  }

  private static Arbitrary<RandomStep> step() {
    Arbitrary<RandomStep.Kind> kinds = Arbitraries.frequency(
        Stream.of(RandomStep.Kind.values()).map(kind -> Tuple.of(kind.frequency(), kind)).toList());
    Arbitrary<Integer> rows = Arbitraries.integers().between(0, ROWS);
    return Combinators.combine(kinds, Arbitraries.integers().between(0, 2), Arbitraries.integers().between(0, 3), rows, rows,
        Arbitraries.integers().between(0, 10_000)).as(RandomStep::new);
  }
}
