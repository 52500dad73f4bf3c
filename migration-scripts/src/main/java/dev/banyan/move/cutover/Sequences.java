package dev.banyan.move.cutover;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.FlowColumn;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableFlow;
import dev.banyan.move.database.TableName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * Moves the sequences behind the moved columns forward on the side that is about to own, past the other side's and past
 * every key that is there, with headroom. They are looked up beforehand, because they are moved while writes are held.
 */
final class Sequences {

  private static final String NEAR = "100";
  private static final String FAR = "1000000";
  // A key of another type is made of the sequence's value, and does not tell it.
  private static final Set<String> NUMBERS = Set.of("smallint", "integer", "bigint");

  private static final String SEQUENCE_OF = """
      select coalesce(pg_get_serial_sequence(:table, :column), (
        select s.oid::regclass::text
        from pg_attrdef d
        join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
        join pg_depend p on p.classid = 'pg_attrdef'::regclass and p.objid = d.oid and p.refclassid = 'pg_class'::regclass
        join pg_class s on s.oid = p.refobjid and s.relkind = 'S'
        where d.adrelid = :table::regclass and a.attname = :column limit 1))""";

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

  private Sequences(Database owner, Database next, String headroom) {
    this.owner = owner;
    this.next = next;
    this.headroom = headroom;
  }

  /** Looks up the sequences of the side that is about to own. */
  static Sequences of(Link link, Owner next) {
    Sequences found = new Sequences(link.database(next.other()), link.database(next), NEAR);
    link.flowsFrom(next.other()).forEach(found::look);
    return found;
  }

  /**
   * Looks up the monolith's, where the service cannot be asked how far its own have got. What it gave out and never sent is
   * not known, so the headroom is a large one.
   */
  static Sequences ofMonolithAlone(Link link) {
    Sequences found = new Sequences(link.database(Owner.SERVICE), link.database(Owner.MONOLITH), FAR);
    link.flowsFrom(Owner.SERVICE).forEach(table -> found.look(table, column -> Optional.empty(), NUMBERS::contains));
    return found;
  }

  private void look(TableFlow table) {
    look(table, column -> owner.jdbi().withHandle(handle -> sequence(handle, table.source(), column.source())), type -> false);
  }

  private void look(TableFlow table, Function<FlowColumn, Optional<String>> counterpart, Predicate<String> searched) {
    for (FlowColumn column : table.columns()) {
      boolean number = NUMBERS.contains(column.targetType());
      next.jdbi().withHandle(handle -> sequence(handle, table.target(), column.target())).ifPresent(sequence ->
          sequences.add(new Moving(sequence, counterpart.apply(column), table.target(), column.target(),
              number && column.key() || searched.test(column.targetType()))));
    }
  }

  private static Optional<String> sequence(Handle handle, TableName table, String column) {
    return handle.createQuery(SEQUENCE_OF).bind("table", table.sql()).bind("column", column).mapTo(String.class).findOne();
  }

  /** Returns the columns, by their names on the side that gives up, that a sequence fills there and none on the next owner. */
  List<String> missing(Link link, Owner former) {
    Set<String> filled = sequences.stream().map(moving -> moving.table() + "." + moving.column()).collect(Collectors.toSet());
    List<String> missing = new ArrayList<>();
    for (TableFlow table : link.flowsFrom(former)) {
      for (FlowColumn column : table.columns()) {
        boolean here = owner.jdbi().withHandle(handle -> sequence(handle, table.source(), column.source())).isPresent();
        if (here && !filled.contains(table.target() + "." + column.target())) {
          missing.add(table.source() + "." + column.source());
        }
      }
    }
    return missing;
  }

  /** Moves them forward; both sides must stand still. One round trip to each, because writes are held. */
  void forward() {
    if (sequences.isEmpty()) {
      return;
    }
    List<String> texts = sequences.stream().allMatch(moving -> moving.counterpart().isEmpty())
        ? Collections.nCopies(sequences.size(), null) : owner.jdbi().withHandle(handle -> handle.createQuery("select unnest(array[%s]::text[])".formatted(
        sequences.stream().map(Sequences::reached).collect(Collectors.joining(", ")))).mapTo(String.class).list());
    next.jdbi().useHandle(handle -> {
      Query setting = handle.createQuery("select " + IntStream.range(0, texts.size())
          .mapToObj(at -> sequences.get(at).setting(":reached" + at, headroom)).collect(Collectors.joining(", ")));
      for (int at = 0; at < texts.size(); at++) {
        setting.bind("reached" + at, texts.get(at));
      }
      setting.map((row, context) -> row.getLong(1)).one();
    });
  }

  private static String reached(Moving moving) {
    return moving.counterpart().map("(select last_value::text from %s)"::formatted).orElse("null");
  }
}
