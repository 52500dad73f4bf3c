package dev.banyan.rules.sql;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The name of a table, or of a function or type that lies in a schema as tables do, in lower case and without quotes; a database or
 * catalog before the schema and a link behind the table ({@code t@link}) are left out.
 *
 * @param kind what it is a name of; a table and a function that are called alike are two
 * @param schema empty if the statement does not say
 * @param table the table itself, or the function or type
 */
public record TableName(Kind kind, Optional<String> schema, String table) {

  /** What a schema holds that a statement can name. */
  public enum Kind {
    /** A table, a view, a sequence. */
    TABLE(""),
    /** A function or procedure, behind Oracle's package where it has one. */
    ROUTINE("()"),
    /** An enum, a domain, a composite. */
    TYPE(" (type)");

    private final String behindName;

    Kind(String behindName) {
      this.behindName = behindName;
    }
  }

  /** Most names have neither quotes nor spaces. */
  private static final Pattern PLAIN = Pattern.compile("[\\w.]++");

  /** A dot within quotes is part of a name. */
  private static final Pattern PART = Pattern.compile("\"(?:[^\"]++|\"\")*+\"|`[^`]*+`|\\[[^\\]]*+]|[^.\\s\"`\\[][^.]*");

  /** What stands in a text where a part was put in at run time. */
  public static final String HOLE = "banyan_hole_";

  private static final Set<String> SERVER = Set.of("pg_catalog", "information_schema");
  private static final Pattern SCHEMA_OF_SERVER = Pattern.compile("pg_catalog|information_schema|sys|mdsys|dbms_\\w+|utl_\\w+");
  /** What PostgreSQL's extensions bring along; they lie in a schema that may be somebody's. */
  private static final Set<String> SCHEMAS_OF_EXTENSIONS = Set.of("public", "extensions");
  private static final Pattern TYPE_OF_EXTENSION = Pattern.compile("citext|hstore|ltree|cube|geometry|geography|raster|box[23]d|vector|halfvec");
  private static final Pattern ROUTINE_OF_EXTENSION = Pattern.compile("uuid_\\w+|gen_random_\\w+|gen_salt|crypt|digest|hmac|pgp_\\w+|st_\\w+"
      + "|unaccent|similarity|dblink\\w*|crosstab\\w*|" + TYPE_OF_EXTENSION);

  /** Creates the name of a table. */
  public TableName(Optional<String> schema, String table) {
    this(Kind.TABLE, schema, table);
  }

  /** Reads a name as it stands in SQL. */
  public static TableName parse(String text) {
    return PLAIN.matcher(text).matches() ? plain(text.toLowerCase(Locale.ROOT)) : quoted(text);
  }

  /** Reads the name of a function or procedure; Oracle's package stands between the schema and it. */
  public static TableName routine(String text) {
    List<String> parts = PART.matcher(text).results().map(match -> fold(match.group())).toList();
    return parts.size() < 2 ? new TableName(Kind.ROUTINE, Optional.empty(), fold(text))
        : new TableName(Kind.ROUTINE, Optional.of(parts.get(0)), String.join(".", parts.subList(1, parts.size())));
  }

  /** Reads the name of a type. */
  public static TableName type(String text) {
    return parse(text).as(Kind.TYPE);
  }

  /** Returns the same name of something else. */
  public TableName as(Kind other) {
    return new TableName(other, schema, table);
  }

  /** Returns the same name in a schema. */
  public TableName in(String other) {
    return new TableName(kind, Optional.of(fold(other)), table);
  }

  /** Tells whether this is a function or procedure. */
  public boolean isRoutine() {
    return kind == Kind.ROUTINE;
  }

  /** Tells whether this is a type. */
  public boolean isType() {
    return kind == Kind.TYPE;
  }

  /** Tells whether a function or type is not the server's own, nor an extension's. */
  public boolean isOfSomebody() {
    boolean server = schema.filter(name -> SCHEMA_OF_SERVER.matcher(name).matches()).isPresent();
    return !server && !(schema.filter(SCHEMAS_OF_EXTENSIONS::contains).isPresent() && isOfExtension());
  }

  private boolean isOfExtension() {
    return (isType() ? TYPE_OF_EXTENSION : ROUTINE_OF_EXTENSION).matcher(table).matches();
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
    return !isUnknown() && kind == Kind.TABLE && !table.contains(HOLE) && !table.equals("*") && !SERVER.contains(schema.orElse(""));
  }

  /** Tells whether the table, or its schema, is known only at run time. */
  public boolean isUnknown() {
    return schema.filter(s -> s.contains(HOLE)).isPresent() || schema.isEmpty() && table.contains(HOLE);
  }

  /**
   * Returns {@code schema.table}, or the table alone, as a person is shown it: a function with parentheses, a type with that word, and
   * an ellipsis for what is put in at run time.
   */
  @Override
  public String toString() {
    return schema.map(s -> s + ".").orElse("").concat(table).replace(HOLE, "…") + kind.behindName;
  }
}
