package dev.banyan.move.database;

import dev.banyan.control.client.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Whether one side's publication still is what the move has made: every change of every row of the moved tables. */
public final class PublishedTables {

  private static final String QUERY = """
      select p.oid is not null as published, r.oid is not null as carried,
        p.pubinsert and p.pubupdate and p.pubdelete and p.pubtruncate and p.pubviaroot as complete,
        to_jsonb(r) ->> 'prattrs' is null as every_column, to_jsonb(r) ->> 'prqual' is not null as filtered
      from unnest(:tables) with ordinality n(name, position)
      left join pg_publication p on p.pubname = :publication
      left join pg_publication_rel r on r.prpubid = p.oid and r.prrelid = to_regclass(n.name)
      order by n.position""";

  private static final String WITHOUT_IDENTITY = """
      select distinct n.nspname, c.relname from unnest(:tables) with ordinality m(name, position)
      cross join lateral pg_partition_tree(to_regclass(m.name)) p
      join pg_class c on c.oid = p.relid join pg_namespace n on n.oid = c.relnamespace
      where p.isleaf and (c.relreplident = 'n'
        or c.relreplident = 'd' and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary))
      order by 1, 2""";

  /**
   * How a publication differs.
   *
   * @param measured what it does, in words
   * @param remedy the statement that brings it back
   */
  public record Deviation(String measured, String remedy) {}

  private record Published(boolean published, boolean carried, boolean complete, boolean everyColumn, boolean filtered) {}

  private final String publication;
  private final Database database;
  private final List<TableName> tables;
  private final List<Optional<String>> filters;

  /** Creates the question for one side of a move. */
  public PublishedTables(Link link, Owner side) {
    this.publication = ObjectNames.publication(link.module());
    this.database = link.database(side);
    this.tables = link.names(side);
    this.filters = link.tables().stream().map(table -> table.where().filter(where -> side == Owner.MONOLITH)).toList();
  }

  /** Returns how it differs; empty where it does not. */
  public List<Deviation> deviations() {
    List<Published> found = database.jdbi().withHandle(handle -> handle.createQuery(QUERY).bind("publication", publication)
        .bindArray("tables", String.class, tables.stream().map(TableName::sql).toList())
        .map((row, context) -> new Published(row.getBoolean(1), row.getBoolean(2), row.getBoolean(3), row.getBoolean(4), row.getBoolean(5)))
        .list());
    List<Deviation> deviations = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      describe(found.get(i), tables.get(i), filters.get(i), deviations);
    }
    if (deviations.isEmpty() && areOtherRows()) {
      deviations.add(new Deviation("does not carry the plan's rows", filtered()));
    }
    return deviations.stream().distinct().toList();
  }

  /** Returns the partitions on which PostgreSQL refuses updates and deletes, because it could not tell of them. */
  public List<TableName> withoutIdentity() {
    return database.jdbi().withHandle(handle -> handle.createQuery(WITHOUT_IDENTITY)
        .bindArray("tables", String.class, tables.stream().map(TableName::sql).toList())
        .map((row, context) -> new TableName(row.getString(1), row.getString(2))).list());
  }

  private boolean areOtherRows() {
    return filters.stream().anyMatch(Optional::isPresent) && database.jdbi().withHandle(new PublishedRows(publication)::areOthers);
  }

  private String filtered() {
    return IntStream.range(0, tables.size()).filter(i -> filters.get(i).isPresent())
        .mapToObj(i -> addedAnew(tables.get(i), filters.get(i))).collect(Collectors.joining(" "));
  }

  private String addedAnew(TableName table, Optional<String> filter) {
    return "alter publication %s drop table %2$s; alter publication %1$s add table %2$s%3$s;".formatted(name(), table.sql(), where(filter));
  }

  private static String where(Optional<String> filter) {
    return filter.map(" where (%s)"::formatted).orElse("");
  }

  private void describe(Published found, TableName table, Optional<String> filter, List<Deviation> deviations) {
    if (!found.published()) {
      deviations.add(new Deviation("not there", "cancel the move, and begin anew"));
    } else if (!found.complete()) {
      deviations.add(new Deviation("does not publish every kind of change through the root", ("alter publication %s set"
          + " (publish = 'insert, update, delete, truncate', publish_via_partition_root = true);").formatted(name())));
    } else if (!found.carried()) {
      deviations.add(new Deviation("does not carry " + table, "alter publication %s add table %s%s;".formatted(name(), table.sql(), where(filter))));
    } else if (!found.everyColumn() || found.filtered() != filter.isPresent()) {
      deviations.add(new Deviation("does not carry all of " + table, addedAnew(table, filter)));
    }
  }

  private String name() {
    return Sql.identifier(publication);
  }
}
