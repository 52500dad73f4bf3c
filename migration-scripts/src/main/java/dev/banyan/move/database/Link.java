package dev.banyan.move.database;

import dev.banyan.control.client.Owner;
import java.util.List;

/**
 * The two databases of a move and the tables between them.
 *
 * @param module the module that moves
 * @param monolith the monolith's database
 * @param service the service's database
 * @param tables the moved tables
 */
public record Link(String module, Database monolith, Database service, List<MovedTable> tables) {

  /** Returns the database of one side. */
  public Database database(Owner side) {
    return side == Owner.MONOLITH ? monolith : service;
  }

  /** Returns how rows flow while {@code owner} owns them. */
  public List<TableFlow> flowsFrom(Owner owner) {
    return tables.stream().map(table -> table.flowFrom(owner)).toList();
  }

  /** Returns the moved tables' names on one side. */
  public List<TableName> names(Owner side) {
    return tables.stream()
        .map(table -> side == Owner.MONOLITH ? table.monolith().name() : table.service().name())
        .toList();
  }

  /** Returns the name by which a table goes on both sides, whoever owns it: the monolith's. */
  public static TableName nameInMonolith(TableFlow table, Owner owner) {
    return owner == Owner.MONOLITH ? table.source() : table.target();
  }

  /** Tells whether the tables of both sides still have the columns and keys that they had when this was made. */
  public boolean isUpToDate() {
    return tables.stream().allMatch(table -> isUpToDate(monolith, table.monolith()) && isUpToDate(service, table.service()));
  }

  private static boolean isUpToDate(Database database, TableShape known) {
    return database.jdbi().withHandle(handle -> Catalog.table(handle, known.name())).filter(known::isLike).isPresent();
  }
}
