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

  /**
   * An order of its own, which {@code <} need not mean: operators are found by name, and among those of the server itself;
   * that of {@code citext}, for instance, would be the one of {@code text}.
   */
  private static final String ODDLY_ORDERED = """
      with recursive base as (
        select a.atttypid as oid from pg_attribute a where a.attrelid = ?::regclass and a.attname = any (?::text[])
        union select t.typbasetype from base b join pg_type t on t.oid = b.oid where t.typtype = 'd'
      )
      select exists (select from base b join pg_opclass o on o.opcintype = b.oid and o.opcdefault
        join pg_am m on m.oid = o.opcmethod and m.amname = 'btree' where o.opcnamespace <> 'pg_catalog'::regnamespace)""";

  /**
   * Reads the key of a table from the catalog of its server. It has no parts, so that the table is one range, where rows
   * may be alike, or where the order of its keys is none of the server's own.
   */
  public static SourceKey read(Handle source, TableName table) {
    List<String> key = Catalog.table(source, table).map(TableShape::key).orElse(List.of());
    if (source.createQuery(ODDLY_ORDERED).bind(0, table.sql()).bindArray(1, String.class, key).mapTo(Boolean.class).one()) {
      return new SourceKey(table, List.of());
    }
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
