package dev.banyan.move.rehearsal;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Column;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.MovedTable;
import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableShape;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * How the writes to one table are replayed on either side: a row is set to itself, or deleted and inserted again in one
 * statement, so that whatever holds for the rows goes on holding.
 *
 * @param updates the statement that writes a row again, by side; its parameters are a key's texts
 * @param replacements the statement that deletes and inserts a row, by side
 * @param keys keys to choose from, in the order of the statements' parameters
 */
record ReplayedTable(Map<Owner, String> updates, Map<Owner, String> replacements, List<List<String>> keys) {

  private static final int KEYS = 10_000;
  /** Deleting a row would do something to others, or be refused, though it comes back at once. */
  private static final String REFERRED = """
      select exists (select from pg_constraint where contype = 'f' and confdeltype <> 'a' and confrelid = to_regclass(:table))""";

  /** Reads how; empty where rows have no key, or there are none. */
  static Optional<ReplayedTable> of(Link link, MovedTable table) {
    List<MovedTable.Pair> key = table.columns().stream().filter(pair -> table.monolith().key().contains(pair.monolith().name())).toList();
    List<List<String>> keys = key.isEmpty() ? List.of() : link.monolith().jdbi().withHandle(handle -> keys(handle, table.monolith(), key));
    if (keys.isEmpty()) {
      return Optional.empty();
    }
    boolean referred = isReferred(link, table, Owner.MONOLITH) || isReferred(link, table, Owner.SERVICE);
    Map<Owner, String> updates = new EnumMap<>(Map.of(Owner.MONOLITH, update(table.monolith(), key.stream().map(MovedTable.Pair::monolith).toList()),
        Owner.SERVICE, update(table.service(), key.stream().map(MovedTable.Pair::service).toList())));
    return Optional.of(new ReplayedTable(updates, referred ? updates
        : Map.of(Owner.MONOLITH, replacement(table.monolith(), key.stream().map(MovedTable.Pair::monolith).toList()),
            Owner.SERVICE, replacement(table.service(), key.stream().map(MovedTable.Pair::service).toList())), keys));
  }

  private static boolean isReferred(Link link, MovedTable table, Owner side) {
    TableShape shape = side == Owner.MONOLITH ? table.monolith() : table.service();
    return link.database(side).jdbi().withHandle(handle ->
        handle.createQuery(REFERRED).bind("table", shape.name().sql()).mapTo(Boolean.class).one());
  }

  /** A part of the table's pages is enough where there are many rows. */
  private static List<List<String>> keys(Handle handle, TableShape table, List<MovedTable.Pair> key) {
    double percent = Math.min(100, 400.0 * KEYS / Math.max(1, table.estimatedRows()));
    String texts = key.stream().map(pair -> Sql.text(Sql.identifier(pair.monolith().name()), pair.monolith().type().sql()))
        .collect(Collectors.joining(", "));
    return handle.createQuery("select array[%s]::text[] from (select * from %s tablesample system (%s) order by random() limit %d) sampled"
        .formatted(texts, table.name().sql(), percent, KEYS)).map((row, context) -> List.of((String[]) row.getArray(1).getArray())).list();
  }

  private static String update(TableShape table, List<Column> key) {
    Column written = table.stored().stream().filter(candidate -> !key.contains(candidate)).findFirst().orElse(key.get(0));
    if (written.identityAlways()) {
      return replacement(table, key);
    }
    String column = Sql.identifier(written.name());
    return "update %s set %s = %s where %s".formatted(table.name().sql(), column, column, condition(key));
  }

  private static String replacement(TableShape table, List<Column> key) {
    String columns = Sql.identifiers(table.stored().stream().map(Column::name).toList());
    return "with gone as (delete from %1$s where %2$s returning *) insert into %1$s (%3$s) overriding system value select %3$s from gone"
        .formatted(table.name().sql(), condition(key), columns);
  }

  private static String condition(List<Column> key) {
    return key.stream().map(column -> "%s = ?::text::%s".formatted(Sql.identifier(column.name()), column.type().sql()))
        .collect(Collectors.joining(" and "));
  }
}
