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
import org.jdbi.v3.core.Handle;

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
  private record Moving(String sequence, Optional<String> counterpart, TableName table, FlowColumn column) {}

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

  /** Moves them forward; both sides must stand still. */
  void forward() {
    for (Moving moving : sequences) {
      Optional<Long> reached = moving.counterpart().map(sequence -> owner.jdbi().withHandle(handle ->
          handle.createQuery("select last_value from " + sequence).mapTo(Long.class).one()));
      next.jdbi().useHandle(handle -> forward(handle, moving, reached));
    }
  }

  private static void forward(Handle handle, Moving moving, Optional<Long> reached) {
    // Only a key has an index to find its end by; other columns have to trust the counterpart.
    String greatestKey = moving.column().key() && NUMBERS.contains(moving.column().targetType())
        ? "(select max(%s)::bigint from %s)".formatted(Sql.identifier(moving.column().target()), moving.table().sql())
        : "null::bigint";
    String smallestKey = greatestKey.replace("max(", "min(");
    handle.createQuery("""
            select setval(:sequence::regclass, case when s.seqincrement > 0
              then least(greatest(v.last_value, :reached::bigint, %s) + s.seqincrement * :headroom, s.seqmax)
              else greatest(least(v.last_value, :reached::bigint, %s) + s.seqincrement * :headroom, s.seqmin) end)
            from pg_sequence s, %s v where s.seqrelid = :sequence::regclass""".formatted(greatestKey, smallestKey, moving.sequence()))
        .bind("sequence", moving.sequence()).bind("reached", reached.orElse(null))
        .bind("headroom", HEADROOM).mapTo(Long.class).one();
  }
}
