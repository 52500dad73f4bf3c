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
import org.jdbi.v3.core.Handle;

/**
 * Moves the sequences behind the moved columns forward on the side that is about to own, past the other side's and past
 * every key that is there, with headroom. They are looked up beforehand, because they are moved while writes are held.
 */
final class Sequences {

  private static final long HEADROOM = 100;

  private static final String SEQUENCE_OF = """
      select coalesce(pg_get_serial_sequence(:table, :column), (
        select s.oid::regclass::text
        from pg_attrdef d
        join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
        join pg_depend p on p.classid = 'pg_attrdef'::regclass and p.objid = d.oid and p.refclassid = 'pg_class'::regclass
        join pg_class s on s.oid = p.refobjid and s.relkind = 'S'
        where d.adrelid = :table::regclass and a.attname = :column limit 1))""";

  /** A sequence to move, its counterpart on the side that has owned so far, and the column it fills. */
  private record Moving(String sequence, Optional<String> counterpart, TableName table, FlowColumn column, boolean searched) {}

  private final Database owner;
  private final Database next;
  private final boolean alone;
  private final List<Moving> sequences = new ArrayList<>();

  private Sequences(Database owner, Database next, boolean alone) {
    this.owner = owner;
    this.next = next;
    this.alone = alone;
  }

  /** Looks up the sequences of the side that is about to own. */
  static Sequences of(Link link, Owner next) {
    return of(link, next, false);
  }

  /** Looks them up where the side that has owned so far does not answer; what its sequences have reached is not known then. */
  static Sequences without(Link link, Owner next) {
    return of(link, next, true);
  }

  private static Sequences of(Link link, Owner next, boolean alone) {
    Sequences found = new Sequences(link.database(next.other()), link.database(next), alone);
    link.flowsFrom(next.other()).forEach(found::look);
    return found;
  }

  private void look(TableFlow table) {
    for (FlowColumn column : table.columns()) {
      next.jdbi().withHandle(handle -> sequence(handle, table.target(), column.target())).ifPresent(sequence ->
          // Only a key has an index to find its end by; other columns trust the counterpart, where there is one.
          sequences.add(new Moving(sequence, counterpart(table, column), table.target(), column, alone || column.key())));
    }
  }

  private Optional<String> counterpart(TableFlow table, FlowColumn column) {
    return alone ? Optional.empty() : owner.jdbi().withHandle(handle -> sequence(handle, table.source(), column.source()));
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
    String greatestKey = moving.searched()
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
