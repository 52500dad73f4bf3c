package dev.banyan.move.cutover;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.FlowColumn;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableFlow;
import dev.banyan.move.database.TableName;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/**
 * Moves the sequences behind the moved columns forward on the side that is about to own, past the other side's and past
 * every key that is there, with headroom.
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

  private final Link link;

  Sequences(Link link) {
    this.link = link;
  }

  /** Moves the sequences of {@code next} forward; returns how many there were. */
  int forward(Owner next) {
    return link.database(next.other()).jdbi().withHandle(owner ->
        link.database(next).jdbi().withHandle(other -> {
          int moved = 0;
          for (TableFlow table : link.flowsFrom(next.other())) {
            moved += forward(table, owner, other);
          }
          return moved;
        }));
  }

  private static int forward(TableFlow table, Handle owner, Handle other) {
    int moved = 0;
    for (FlowColumn column : table.columns()) {
      String sequence = sequence(other, table.target(), column.target());
      if (sequence != null) {
        String counterpart = sequence(owner, table.source(), column.source());
        OptionalLong reached = counterpart == null ? OptionalLong.empty() : OptionalLong.of(lastValue(owner, counterpart));
        forward(other, sequence, table.target(), column, reached);
        moved++;
      }
    }
    return moved;
  }

  private static @org.jspecify.annotations.Nullable String sequence(Handle handle, TableName table, String column) {
    return handle.createQuery(SEQUENCE_OF).bind("table", table.sql()).bind("column", column).mapTo(String.class)
        .findOne().orElse(null);
  }

  private static long lastValue(Handle handle, String sequence) {
    return handle.createQuery("select last_value from " + sequence).mapTo(Long.class).one();
  }

  private static void forward(Handle handle, String sequence, TableName table, FlowColumn column, OptionalLong reached) {
    // Only a key has an index to find its end by; other columns have to trust the counterpart.
    String greatestKey = column.key() ? "(select max(%s)::bigint from %s)".formatted(Sql.identifier(column.target()), table.sql()) : "null::bigint";
    String smallestKey = greatestKey.replace("max(", "min(");
    handle.createQuery("""
            select setval(:sequence::regclass, case when s.seqincrement > 0
              then least(greatest(v.last_value, :reached, %s) + s.seqincrement * :headroom, s.seqmax)
              else greatest(least(v.last_value, :reached, %s) + s.seqincrement * :headroom, s.seqmin) end)
            from pg_sequence s, %s v where s.seqrelid = :sequence::regclass""".formatted(greatestKey, smallestKey, sequence))
        .bind("sequence", sequence).bind("reached", reached.isPresent() ? reached.getAsLong() : null)
        .bind("headroom", HEADROOM).mapTo(Long.class).one();
  }
}
