package dev.banyan.move.cutover;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.FlowColumn;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableFlow;
import dev.banyan.move.database.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Moves the sequences behind the moved columns forward on the side that is about to own, past the other side's and past
 * every key that is there, with headroom. They are looked up beforehand, because they are moved while writes are held.
 */
final class Sequences {

  private static final String NEAR = "100";
  private static final String FAR = "1000000";
  // A key of another type is made of the sequence's value, and does not tell it.
  private static final Set<String> NUMBERS = Set.of("smallint", "integer", "bigint");

  /** A sequence to move, its counterpart on the side that has owned so far, and the column it fills. */
  private record Moving(String sequence, Optional<String> counterpart, TableName table, String column, boolean searched) {

    /** Sets it past where its counterpart has got to, which may be null; by half of what is left, where the headroom is more. */
    String setting(String reached, String headroom) {
      return """
          (select setval(s.seqrelid::regclass, (b.base + s.seqincrement * least(%6$s, trunc(
            case when s.seqincrement > 0 then s.seqmax - b.base else b.base - s.seqmin end / 2 / abs(s.seqincrement))))::bigint)
          from pg_sequence s cross join %4$s v cross join lateral (select case when s.seqincrement > 0
            then least(greatest(v.last_value, %1$s::bigint, %2$s), s.seqmax)
            else greatest(least(v.last_value, %1$s::bigint, %3$s), s.seqmin) end::numeric as base) b
          where s.seqrelid = %5$s::regclass)""".formatted(reached, ownKey("max"), ownKey("min"), sequence, Sql.literal(sequence), headroom);
    }

    /** While writes are held only a key is searched, which has an index; other columns have to trust the counterpart. */
    private String ownKey(String end) {
      return searched ? "(select %s(%s)::bigint from %s)".formatted(end, Sql.identifier(column), table.sql()) : "null::bigint";
    }
  }

  private final Database owner;
  private final Database next;
  private final String headroom;
  private final List<Moving> sequences = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  private Sequences(Database owner, Database next, String headroom) {
    this.owner = owner;
    this.next = next;
    this.headroom = headroom;
  }

  /** Looks up the sequences of the side that is about to own. */
  static Sequences of(Link link, Owner next) {
    Sequences found = new Sequences(link.database(next.other()), link.database(next), NEAR);
    link.flowsFrom(next.other()).forEach(table -> found.look(table, SequenceColumns.of(found.owner, table.source()), false));
    return found;
  }

  /**
   * Looks up the monolith's, where the service cannot be asked how far its own have got. What it gave out and never sent is
   * not known, so the headroom is a large one.
   */
  static Sequences ofMonolithAlone(Link link) {
    Sequences found = new Sequences(link.database(Owner.SERVICE), link.database(Owner.MONOLITH), FAR);
    link.flowsFrom(Owner.SERVICE).forEach(table -> found.look(table, Map.of(), true));
    return found;
  }

  private void look(TableFlow table, Map<String, String> counterparts, boolean searched) {
    Map<String, String> own = SequenceColumns.of(next, table.target());
    for (FlowColumn column : table.columns()) {
      Optional<String> counterpart = Optional.ofNullable(counterparts.get(column.source()));
      String sequence = own.get(column.target());
      if (sequence != null) {
        boolean number = NUMBERS.contains(column.targetType());
        sequences.add(new Moving(sequence, counterpart, table.target(), column.target(), number && (searched || column.key())));
      } else if (counterpart.isPresent()) {
        missing.add(table.source() + "." + column.source());
      }
    }
  }

  /** Returns the columns, by their names on the side that gives up, that a sequence fills there and none on the next owner. */
  List<String> missing() {
    return List.copyOf(missing);
  }

  /** Moves them forward; both sides must stand still. One round trip to each, because writes are held. */
  void forward() throws SQLException {
    if (!sequences.isEmpty()) {
      set(reached());
    }
  }

  /** Returns how far the counterparts have got, in the order of the sequences; null for one that has none. */
  private List<String> reached() throws SQLException {
    if (sequences.stream().allMatch(moving -> moving.counterpart().isEmpty())) {
      return Collections.nCopies(sequences.size(), null);
    }
    String values = sequences.stream().map(Sequences::reached).collect(Collectors.joining(", "));
    return owner.jdbi().withHandle(handle -> {
      // Not by the statements of Jdbi, here and below: it takes such texts apart, which takes longer than the answer.
      try (Statement statement = handle.getConnection().createStatement();
          ResultSet row = statement.executeQuery("select unnest(array[%s]::text[])".formatted(values))) {
        List<String> reached = new ArrayList<>();
        while (row.next()) {
          reached.add(row.getString(1));
        }
        return reached;
      }
    });
  }

  private static String reached(Moving moving) {
    return moving.counterpart().map("(select last_value::text from %s)"::formatted).orElse("null");
  }

  private void set(List<String> reached) throws SQLException {
    String settings = IntStream.range(0, reached.size())
        .mapToObj(at -> sequences.get(at).setting(literal(reached.get(at)), headroom)).collect(Collectors.joining(", "));
    next.jdbi().useHandle(handle -> {
      try (Statement statement = handle.getConnection().createStatement()) {
        statement.execute("select " + settings);
      }
    });
  }

  private static String literal(@Nullable String reached) {
    return reached == null ? "null" : Sql.literal(reached);
  }
}
