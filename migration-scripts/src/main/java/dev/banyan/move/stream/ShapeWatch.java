package dev.banyan.move.stream;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Catalog;
import dev.banyan.move.database.Column;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.MovedTable;
import dev.banyan.move.database.TableFlow;
import dev.banyan.move.database.TableShape;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;

/**
 * Notices that a table's shape has changed, before a change of that shape is applied.
 *
 * <p>The connector makes a new schema whenever the log says that a table is described anew. A schema is accepted if both
 * sides' tables are, at that moment, still the ones that this session knows: the change at hand is then of that shape or
 * of an earlier one. Otherwise the stream stops in front of it.
 *
 * <p>A row of an earlier shape lacks the columns that were added since, and nothing else: these are the last ones, and it
 * has none that the table has not. In any other case a column may have had another name, or not have been published, and
 * what becomes of its value is not for the applier to guess.
 */
final class ShapeWatch {

  private final Link link;
  private final Owner owner;

  ShapeWatch(Link link, Owner owner) {
    this.link = link;
    this.owner = owner;
  }

  /**
   * Accepts the schema of a table's rows.
   *
   * @throws ShapeChangedException if a table is not what this session knows
   * @throws IllegalStateException if the rows lack a value that they may have had
   */
  void accept(TableFlow flow, Schema schema) {
    MovedTable known = link.tables().stream()
        .filter(table -> table.flowFrom(owner).source().equals(flow.source())).findFirst().orElseThrow();
    require(link.monolith(), known.monolith());
    require(link.service(), known.service());
    requireAllValues(flow, (owner == Owner.MONOLITH ? known.monolith() : known.service()).stored().stream().map(Column::name).toList(),
        schema.fields().stream().map(Field::name).toList());
  }

  private static void requireAllValues(TableFlow flow, List<String> columns, List<String> logged) {
    List<String> absent = columns.stream().filter(column -> !logged.contains(column)).toList();
    List<String> unknown = logged.stream().filter(column -> !columns.contains(column)).toList();
    List<String> common = columns.stream().filter(logged::contains).toList();
    // Columns are logged in the order in which they were made; names that change places stand for other columns.
    boolean sameOrder = common.equals(logged.stream().filter(columns::contains).toList());
    boolean addedLast = columns.subList(columns.size() - absent.size(), columns.size()).equals(absent);
    boolean lacking = absent.stream().anyMatch(flow.sourceColumns()::contains);
    if (!sameOrder || lacking && !(addedLast && unknown.isEmpty())) {
      throw new IllegalStateException(("Rows of %s were logged with the columns %s; it has %s now. Whether one of these became another the"
          + " log does not tell, and nothing was applied. Give the tables of both sides the former columns until the stream has passed:"
          + " name back what was renamed, add what was dropped; or cancel.").formatted(flow.source(), logged, columns));
    }
  }

  private static void require(Database database, TableShape known) {
    require(database, known, database.jdbi().withHandle(handle -> Catalog.table(handle, known.name())), known::isLike);
  }

  /** Requires that a table has all columns that are known of it; it may have others as well. */
  static void requireColumns(Database database, TableShape known, Optional<TableShape> now) {
    require(database, known, now, is -> is.hasAllOf(known));
  }

  private static void require(Database database, TableShape known, Optional<TableShape> now, Predicate<TableShape> unchanged) {
    if (now.isEmpty()) {
      throw new ShapeChangedException("Table %s is no longer in %s.".formatted(known.name(), database));
    }
    if (!unchanged.test(now.get())) {
      throw new ShapeChangedException("Table %s in %s has changed: %s.".formatted(known.name(), database, difference(known, now.get())));
    }
  }

  private static String difference(TableShape was, TableShape is) {
    if (was.oid() != is.oid()) {
      return "it is another table of that name";
    }
    Set<String> before = described(was, column -> column.type().fullName());
    boolean names = !before.equals(described(is, column -> column.type().fullName()));
    Function<Column, String> type = column -> names ? column.type().fullName() : column.type().definition();
    if (described(was, type).equals(described(is, type)) && was.key().equals(is.key())) {
      return "a column is another one of its name";
    }
    return "it was %s, key %s; it is %s, key %s".formatted(described(was, type), was.key(), described(is, type), is.key());
  }

  private static Set<String> described(TableShape table, Function<Column, String> type) {
    return table.columns().stream()
        .map(column -> "%s %s%s".formatted(column.name(), type.apply(column), column.notNull() ? " not null" : ""))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}
