package dev.banyan.move.cutover;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.FlowColumn;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableFlow;
import dev.banyan.move.database.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * Moves the sequences behind the moved columns forward on the side that is about to own, past the other side's and past
 * every key that is there, with headroom. They are looked up beforehand, because they are moved while writes are held.
 */
final class Sequences {

  private static final long HEADROOM = 100;
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
  private record Moving(String sequence, Optional<String> counterpart, TableName table, FlowColumn column) {

    /** Sets it past where its counterpart has got to, which may be null. */
    String setting(String reached) {
      return """
          (select setval(s.seqrelid::regclass, case when s.seqincrement > 0
            then least(greatest(v.last_value, %1$s::bigint, %2$s) + s.seqincrement * :headroom, s.seqmax)
            else greatest(least(v.last_value, %1$s::bigint, %3$s) + s.seqincrement * :headroom, s.seqmin) end)
          from pg_sequence s, %4$s v where s.seqrelid = %5$s::regclass)""".formatted(reached, ownKey("max"), ownKey("min"), sequence,
          Sql.literal(sequence));
    }

    /** Only a key has an index to find its end by; other columns have to trust the counterpart. */
    private String ownKey(String end) {
      return column.key() && NUMBERS.contains(column.targetType())
          ? "(select %s(%s)::bigint from %s)".formatted(end, Sql.identifier(column.target()), table.sql())
          : "null::bigint";
    }
  }

  private final Database owner;
  private final Database next;
  private final List<Moving> sequences = new ArrayList<>();

  private Sequences(Database owner, Database next) {
    this.owner = owner;
    this.next = next;
  }

  /** Looks up the sequences of the side that is about to own. */
  static Sequences of(Link link, Owner next) {
    Sequences found = new Sequences(link.database(next.other()), link.database(next));
    link.flowsFrom(next.other()).forEach(found::look);
    return found;
  }

  private void look(TableFlow table) {
    for (FlowColumn column : table.columns()) {
      next.jdbi().withHandle(handle -> sequence(handle, table.target(), column.target())).ifPresent(sequence ->
          sequences.add(new Moving(sequence,
              owner.jdbi().withHandle(handle -> sequence(handle, table.source(), column.source())), table.target(), column)));
    }
  }

  private static Optional<String> sequence(Handle handle, TableName table, String column) {
    return handle.createQuery(SEQUENCE_OF).bind("table", table.sql()).bind("column", column).mapTo(String.class).findOne();
  }

  /** Moves them forward; both sides must stand still. One round trip to each, because writes are held. */
  void forward() {
    if (sequences.isEmpty()) {
      return;
    }
    List<String> texts = owner.jdbi().withHandle(handle -> handle.createQuery("select unnest(array[%s]::text[])".formatted(
        sequences.stream().map(Sequences::reached).collect(Collectors.joining(", ")))).mapTo(String.class).list());
    next.jdbi().useHandle(handle -> {
      Query setting = handle.createQuery("select " + IntStream.range(0, texts.size())
          .mapToObj(at -> sequences.get(at).setting(":reached" + at)).collect(Collectors.joining(", ")));
      for (int at = 0; at < texts.size(); at++) {
        setting.bind("reached" + at, texts.get(at));
      }
      setting.bind("headroom", HEADROOM).map((row, context) -> row.getLong(1)).one();
    });
  }

  private static String reached(Moving moving) {
    return moving.counterpart().map("(select last_value::text from %s)"::formatted).orElse("null");
  }
}
