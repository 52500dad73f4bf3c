package dev.banyan.move.database;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;

/**
 * The key of a table that rows come from, as its index orders it: the columns may stand in another order than in
 * the table, and texts are compared by the collation of their column. Only the table's own server can say which of two
 * keys comes first.
 *
 * @param table the table
 * @param parts the key's columns in the order of the index
 */
public record SourceKey(TableName table, List<Part> parts) {

  /**
   * A column of the key.
   *
   * @param column its name
   * @param type its type without length or scale
   * @param collate its {@code collate} clause; empty where its type has none
   */
  public record Part(String column, String type, String collate) {

    /** Returns an expression of text as a value of this column. */
    public String valueOf(String text) {
      return "(" + text + "::" + type + collate + ")";
    }
  }

  private static final String PARTS = """
      select a.attname, format_type(a.atttypid, -1), coalesce(' collate ' || quote_ident(n.nspname) || '.' || quote_ident(c.collname), '')
      from unnest(?::text[]) with ordinality k(name, position)
      join pg_attribute a on a.attrelid = ?::regclass and a.attname = k.name
      left join pg_collation c on c.oid = a.attcollation
      left join pg_namespace n on n.oid = c.collnamespace
      order by k.position""";

  /** Reads the key of a table from the catalog of its server; it has no parts where rows may be alike. */
  public static SourceKey read(Handle source, TableName table) {
    List<String> key = Catalog.table(source, table).map(TableShape::key).orElse(List.of());
    return new SourceKey(table, source.createQuery(PARTS).bindArray(0, String.class, key).bind(1, table.sql())
        .map((row, context) -> new Part(row.getString(1), row.getString(2), row.getString(3))).list());
  }

  /** Returns the columns, as they follow {@code order by}. */
  public String columns() {
    return parts.stream().map(part -> Sql.identifier(part.column())).collect(joining(", "));
  }

  /** Returns the columns' values as texts. */
  public String texts() {
    return parts.stream().map(part -> Sql.text(Sql.identifier(part.column()), part.type())).collect(joining(", "));
  }

  /** Returns the condition that a row lies behind {@code key}. */
  public String isAfter(List<String> key) {
    return "(%s) > %s".formatted(columns(), constant(key));
  }

  /** Returns the condition that a row does not lie behind {@code key}. */
  public String isUpTo(List<String> key) {
    return "(%s) <= %s".formatted(columns(), constant(key));
  }

  /** Returns a key as a constant row. */
  public String constant(List<String> key) {
    return IntStream.range(0, parts.size()).mapToObj(i -> parts.get(i).valueOf(Sql.literal(key.get(i))))
        .collect(joining(", ", "(", ")"));
  }
}
