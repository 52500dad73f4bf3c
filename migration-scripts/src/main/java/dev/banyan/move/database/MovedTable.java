package dev.banyan.move.database;

import dev.banyan.control.client.Owner;
import java.util.List;
import java.util.Optional;

/**
 * A table that moves, as both sides have it.
 *
 * @param monolith the monolith's table
 * @param service the service's table
 * @param columns the columns that move, in the monolith's order
 * @param where condition on the monolith's rows that move, in SQL; empty for all
 */
public record MovedTable(TableShape monolith, TableShape service, List<Pair> columns, Optional<String> where) {

  /** A column as both sides have it. */
  public record Pair(Column monolith, Column service) {}

  /** Returns how its rows flow while {@code owner} owns them. */
  public TableFlow flowFrom(Owner owner) {
    boolean fromMonolith = owner == Owner.MONOLITH;
    TableShape source = fromMonolith ? monolith : service;
    TableShape target = fromMonolith ? service : monolith;
    List<FlowColumn> flowing = columns.stream()
        .map(pair -> fromMonolith ? flow(pair.monolith(), pair.service(), source) : flow(pair.service(), pair.monolith(), source))
        .toList();
    return new TableFlow(source.name(), target.name(), flowing, source.isKeyless(), fromMonolith ? where : Optional.empty(),
        fromMonolith ? Optional.empty() : where);
  }

  private static FlowColumn flow(Column source, Column target, TableShape table) {
    return new FlowColumn(source.name(), target.name(), source.type().sql(), target.type().sql(),
        table.isKeyless() || table.key().contains(source.name()), target.identityAlways(),
        source.type().isPortableInBinary() && source.type().definition().equals(target.type().definition()));
  }
}
