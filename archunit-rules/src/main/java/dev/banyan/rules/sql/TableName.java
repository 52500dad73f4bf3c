package dev.banyan.rules.sql;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A table's name, in lower case and without quotes; a database or catalog before the schema
 * and a link behind the table ({@code t@link}) are left out.
 *
 * @param schema empty if the statement does not say
 * @param table the table itself
 */
public record TableName(Optional<String> schema, String table) {

  /** Most names have neither quotes nor spaces. */
  private static final Pattern PLAIN = Pattern.compile("[\\w.]++");

  /** A dot within quotes is part of a name. */
  private static final Pattern PART = Pattern.compile("\"(?:[^\"]++|\"\")*+\"|`[^`]*+`|\\[[^\\]]*+]|[^.\\s\"`\\[][^.]*");

  /** What stands in a text where a part was put in at run time. */
  public static final String HOLE = "banyan_hole_";

  private static final Set<String> SERVER = Set.of("pg_catalog", "information_schema");
  private static final Pattern OF_SERVER = Pattern.compile("(?:pg_catalog|information_schema|sys|mdsys|dbms_\\w+|utl_\\w+)\\..*");
  /** What PostgreSQL's extensions bring along; they lie in a schema that may be somebody's. */
  private static final Pattern OF_EXTENSION = Pattern.compile("(?:public|extensions)\\.(?:(?:citext|hstore|ltree|cube|geometry|geography|raster|box[23]d|vector"
      + "|halfvec)(?: \\(type\\)|\\(\\))|(?:uuid_\\w+|gen_random_\\w+|gen_salt|crypt|digest|hmac|pgp_\\w+|st_\\w+|unaccent|similarity|dblink\\w*|crosstab\\w*)\\(\\))");
  private static final String CALL = "()";
  private static final String TYPE = " (type)";

  /** Reads a name as it stands in SQL. */
  public static TableName parse(String text) {
    return PLAIN.matcher(text).matches() ? plain(text.toLowerCase(Locale.ROOT)) : quoted(text);
  }

  /**
   * Reads the name of a function or procedure. It is kept with parentheses, so that no table is called so; Oracle's package stands
   * between the schema and it.
   */
  public static TableName routine(String text) {
    List<String> parts = PART.matcher(text).results().map(match -> fold(match.group())).toList();
    return parts.size() < 2 ? new TableName(Optional.empty(), fold(text) + CALL)
        : new TableName(Optional.of(parts.get(0)), String.join(".", parts.subList(1, parts.size())) + CALL);
  }

  /** Tells whether this is a function or procedure. */
  public boolean isRoutine() {
    return table.endsWith(CALL);
  }

  /** Reads the name of a type. It is kept with that word, so that no table is called so. */
  public static TableName type(String text) {
    TableName name = parse(text);
    return new TableName(name.schema(), name.table() + TYPE);
  }

  /** Tells whether this is a type. */
  public boolean isType() {
    return table.endsWith(TYPE);
  }

  /** Returns the name alone, without what tells a function or type from a table. */
  public String bareName() {
    return isRoutine() ? table.substring(0, table.length() - CALL.length()) : isType() ? table.substring(0, table.length() - TYPE.length()) : table;
  }

  /** Tells whether a function or type is not the server's own, nor an extension's. */
  public boolean isOfSomebody() {
    return !OF_SERVER.matcher(toString()).matches() && !OF_EXTENSION.matcher(toString()).matches();
  }

  private static TableName plain(String text) {
    int last = text.lastIndexOf('.');
    String schema = last < 0 ? "" : text.substring(text.lastIndexOf('.', last - 1) + 1, last);
    return new TableName(last < 0 ? Optional.empty() : Optional.of(schema), text.substring(last + 1));
  }

  private static TableName quoted(String text) {
    List<String> parts = PART.matcher(text.replaceAll("(?<=[\\w\"])@.*", "")).results().map(MatchResult::group).toList();
    int last = parts.size() - 1;
    return last < 0 ? new TableName(Optional.empty(), fold(text))
        : new TableName(last < 1 ? Optional.empty() : Optional.of(fold(parts.get(last - 1))), fold(parts.get(last)));
  }

  /** Returns the name of a table in a schema, both as they stand in SQL. */
  public static TableName of(String schema, String table) {
    return new TableName(schema.isBlank() ? Optional.empty() : Optional.of(fold(schema)), fold(table));
  }

  private static String fold(String part) {
    return part.strip().replaceAll("^[\"`\\[]|[\"`\\]]$", "").toLowerCase(Locale.ROOT);
  }

  /** Tells whether this is one table by its full name, and not the server's own. */
  public boolean isOfApplication() {
    return !isUnknown() && !isRoutine() && !isType() && !table.contains(HOLE) && !table.equals("*") && !SERVER.contains(schema.orElse(""));
  }

  /** Tells whether the table, or its schema, is known only at run time. */
  public boolean isUnknown() {
    return schema.filter(s -> s.contains(HOLE)).isPresent() || schema.isEmpty() && table.contains(HOLE);
  }

  /** Returns {@code schema.table}, or the table alone; what is put in at run time is shown as an ellipsis. */
  @Override
  public String toString() {
    return schema.map(s -> s + ".").orElse("").concat(table).replace(HOLE, "…");
  }
}
