package dev.banyan.move.stream;

import dev.banyan.move.database.Database;
import dev.banyan.move.database.TableName;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The tables of a database that a stream has nothing to do with, for the connector not to read their descriptions.
 *
 * <p>The connector is told what to leave out, not what to let through: of a moved table that gets another name for a
 * while it would drop what is written then, and say nothing. A name that is not known when the stream begins is let
 * through and noticed.
 */
final class Bystanders {

  private static final String QUERY = """
      select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'f', 'v', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and not exists (select from pg_publication p join pg_publication_rel r on r.prpubid = p.oid
          where p.pubname = :publication and (r.prrelid = c.oid or c.relispartition))
      order by 1, 2""";

  private Bystanders() {}

  /** Returns a pattern for the connector's names of these tables; matches nothing where there are none. */
  static String pattern(Database database, String publication, List<TableName> moved) {
    Map<String, String> bySchema = database.jdbi().withHandle(handle -> handle.createQuery(QUERY).bind("publication", publication)
            .map((row, context) -> new TableName(row.getString(1), row.getString(2))).list()).stream()
        .filter(table -> !moved.contains(table))
        .collect(Collectors.groupingBy(TableName::schema, TreeMap::new, Collectors.mapping(table -> escape(table.name()), Collectors.joining("|"))));
    return bySchema.entrySet().stream()
        .map(schema -> escape(schema.getKey()) + "\\.(?:" + schema.getValue() + ")")
        // The connector's patterns do not mind the case of letters; names do.
        .collect(Collectors.joining("|", "(?-i:", ")"));
  }

  /** The setting is a list of regular expressions between commas, so everything but letters and digits is escaped. */
  private static String escape(String name) {
    return name.codePoints()
        .mapToObj(c -> Character.isLetterOrDigit(c) || c == '_' ? Character.toString(c) : "\\x{%x}".formatted(c))
        .collect(Collectors.joining());
  }
}
