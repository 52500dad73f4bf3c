package dev.banyan.move.verify;

import static java.util.stream.Collectors.joining;

import dev.banyan.move.database.FlowColumn;
import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableFlow;
import dev.banyan.move.database.TableName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The SQL that reads and hashes rows, alike on both sides although names may differ.
 *
 * <p>A type whose equality is finer or coarser than that of its text (numbers that keep their scale, JSON, floating
 * point with its two zeros) is hashed as text: two rows are equal if they read the same, to the letter.
 */
final class RowSql {

  private static final Set<String> HASHED_AS_THEY_ARE = Set.of("boolean", "smallint", "integer", "bigint", "uuid",
      "bytea", "date", "time without time zone", "timestamp without time zone", "timestamp with time zone");

  private final TableFlow table;
  private final boolean source;
  private final boolean sameVersion;

  /**
   * Creates the SQL for one side.
   *
   * @param source true for the owner's side
   * @param sameVersion whether both servers are of one major version, so that their hashes of records agree
   */
  RowSql(TableFlow table, boolean source, boolean sameVersion) {
    this.table = table;
    this.source = source;
    this.sameVersion = sameVersion;
  }

  /** Counts the rows in some blocks and adds up their hashes: all that is needed as long as both sides are equal. */
  String sums(BlockRange blocks) {
    return "select count(*), coalesce(sum(%s), 0)::text from %s".formatted(hash(false), rowsOf(blocks));
  }

  /** Counts the rows in some blocks and adds up their hashes, by bucket of the key's hash. */
  String buckets(BlockRange blocks, int count) {
    return "select %s & %d, count(*), sum(%s)::text from %s group by 1".formatted(hash(true), count - 1, hash(false), rowsOf(blocks));
  }

  /** Lists key and hash of the rows in some buckets (parameter 1), in an order that both sides share. */
  String rows(int count) {
    return ("select h.key_hash, h.key_text, h.key, h.row_hash from (select %s as key_hash, row(%s)::text as key_text,"
        + " array[%s]::text[] as key, %s as row_hash from %s) h where h.key_hash & %d = any (?)"
        + " order by h.key_hash, h.key_text collate \"C\"").formatted(hash(true), expressions(true, false), expressions(true, false),
        hash(false), rowsOf(BlockRange.ALL), count - 1);
  }

  /** Hashes the rows with some keys; one array of texts for each column of the key. */
  String hashesByKey() {
    return "select u.n, %s from %s".formatted(hash(false), rowsByKey());
  }

  /** Reads the rows with some keys, every column as text; one array of texts for each column of the key. */
  String textsByKey() {
    return "select u.n, %s from %s".formatted(table.columns().stream().map(this::text).collect(joining(", ")), rowsByKey());
  }

  private String rowsOf(BlockRange blocks) {
    return name().sql() + " t where " + where().map("(%s) and "::formatted).orElse("") + blocks.condition("t.ctid");
  }

  private String rowsByKey() {
    return "%s join (select * from %s%s) t on %s".formatted(keys(), name().sql(), where().map(" where "::concat).orElse(""), sameKey());
  }

  /** The keys given as parameters, as {@code u.k0, u.k1 …}, with their number {@code u.n}. */
  private String keys() {
    int count = table.keyPositions().length;
    return IntStream.range(0, count).mapToObj(i -> "?::text[]").collect(joining(", ", "unnest(", ") with ordinality"))
        + IntStream.range(0, count).mapToObj(i -> "k" + i + ", ").collect(joining("", " as u(", "n)"));
  }

  private String sameKey() {
    int[] key = table.keyPositions();
    if (table.keyless()) {
      // Among all columns there may be nulls, and types that know no equality.
      return "format('%%s', row(%s)) = format('%%s', row(%s))".formatted(
          table.columns().stream().map(column -> "t." + name(column)).collect(joining(", ")),
          table.columns().stream().map(column -> "u.k" + keyIndex(column) + "::" + type(column)).collect(joining(", ")));
    }
    return IntStream.range(0, key.length).mapToObj(i -> table.columns().get(key[i]))
        .map(column -> "t." + name(column) + " = u.k" + keyIndex(column) + "::" + type(column))
        .collect(joining(" and "));
  }

  private int keyIndex(FlowColumn column) {
    return table.columns().stream().filter(FlowColumn::key).toList().indexOf(column);
  }

  private String hash(boolean keyOnly) {
    return sameVersion
        ? "hash_record_extended(row(" + expressions(keyOnly, true) + "), 0)"
        : "hashtextextended(row(" + expressions(keyOnly, false) + ")::text collate \"C\", 0)";
  }

  private String expressions(boolean keyOnly, boolean asTheyAre) {
    List<FlowColumn> columns = table.columns();
    return columns.stream().filter(column -> column.key() || !keyOnly)
        .map(column -> expression(column, asTheyAre))
        .collect(joining(", "));
  }

  private String expression(FlowColumn column, boolean asTheyAre) {
    boolean fits = asTheyAre && column.sourceType().equals(column.targetType()) && HASHED_AS_THEY_ARE.contains(column.sourceType());
    return fits ? "t." + name(column) : text(column) + " collate \"C\"";
  }

  private String text(FlowColumn column) {
    return Sql.text("t." + name(column), type(column));
  }

  private String name(FlowColumn column) {
    return Sql.identifier(source ? column.source() : column.target());
  }

  private String type(FlowColumn column) {
    return source ? column.sourceType() : column.targetType();
  }

  TableName name() {
    return source ? table.source() : table.target();
  }

  private Optional<String> where() {
    return source ? table.sourceWhere() : table.targetWhere();
  }
}
