package dev.banyan.move.stream;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Catalog;
import dev.banyan.move.database.Column;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.MovedTable;
import dev.banyan.move.database.TableFlow;
import dev.banyan.move.database.TableName;
import dev.banyan.move.database.TableShape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Schema;

/**
 * Notices that a table's shape has changed, before a change of that shape is applied.
 *
 * <p>The connector makes a new schema whenever the log says that a table is described anew. A schema is accepted if both
 * sides' tables are, at that moment, still the ones that this session knows: the change at hand is then of that shape or
 * of an earlier one. Otherwise the stream stops in front of it.
 */
final class ShapeWatch {

  private final Link link;
  private final Owner owner;
  private final Map<TableName, Schema> accepted = new HashMap<>();

  ShapeWatch(Link link, Owner owner) {
    this.link = link;
    this.owner = owner;
  }

  /**
   * Accepts the schema of a change.
   *
   * @throws ShapeChangedException if a table is not what this session knows
   */
  void accept(TableFlow flow, Schema schema) {
    if (accepted.get(flow.source()) != schema) {
      MovedTable known = link.tables().stream()
          .filter(table -> table.flowFrom(owner).source().equals(flow.source())).findFirst().orElseThrow();
      require(link.monolith(), known.monolith());
      require(link.service(), known.service());
      accepted.put(flow.source(), schema);
    }
  }

  private static void require(Database database, TableShape known) {
    Optional<TableShape> now = database.jdbi().withHandle(handle -> Catalog.table(handle, known.name()));
    if (now.isEmpty()) {
      throw new ShapeChangedException("Table %s is no longer in %s.".formatted(known.name(), database));
    }
    if (!now.get().isLike(known)) {
      throw new ShapeChangedException("Table %s in %s has changed: it was (%s), key %s; it is (%s), key %s.".formatted(
          known.name(), database, described(known.columns()), known.key(), described(now.get().columns()), now.get().key()));
    }
  }

  private static String described(List<Column> columns) {
    return String.join(", ", columns.stream()
        .map(column -> "%s %s%s".formatted(column.name(), column.type().fullName(), column.notNull() ? " not null" : "")).toList());
  }
}
