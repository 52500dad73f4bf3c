package dev.banyan.move.verify;

import dev.banyan.move.database.FlowColumn;
import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableFlow;
import dev.banyan.move.database.TableName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The SQL that hashes rows, alike on both sides although names may differ.
 *
 * <p>A type whose equality is finer or coarser than that of its text (numbers that keep their scale, JSON, floating
 * point with its two zeros) is hashed as text: two rows are equal if they read the same, to the letter.
 */
final class RowHash {

  private static final Set<String> HASHED_AS_THEY_ARE = Set.of("boolean", "smallint", "integer", "bigint", "uuid",
      "bytea", "date", "timestamp without time zone", "timestamp with time zone");

  private final TableFlow table;
  private final boolean source;
  private final boolean sameVersion;

  /**
   * Creates the SQL for one side.
   *
   * @param source true for the owner's side
   * @param sameVersion whether both servers are of one major version, so that their hashes of records agree
   */
  RowHash(TableFlow table, boolean source, boolean sameVersion) {
    this.table = table;
    this.source = source;
    this.sameVersion = sameVersion;
  }

  /** Counts rows and adds up their hashes, by bucket of the key's hash. */
  String buckets(int count) {
    return "select h.key_hash & %d, count(*), sum(h.row_hash)::text from (%s) h group by 1".formatted(count - 1, hashes());
  }

  /** Lists key and hash of the rows in some buckets (parameter 1), in an order that both sides share. */
  String rows(int count) {
    return ("select h.key_hash, h.key, h.row_hash from (%s) h where h.key_hash & %d = any (?)"
        + " order by h.key_hash, h.key collate \"C\"").formatted(hashes(), count - 1);
  }

  private String hashes() {
    String key = expressions(true, false);
    return "select hashtextextended(row(%s)::text collate \"C\", 0) as key_hash, row(%s)::text as key, %s as row_hash from %s%s"
        .formatted(key, key, rowHash(), name().sql(), where().map(where -> " where " + where).orElse(""));
  }

  private String rowHash() {
    return sameVersion
        ? "hash_record_extended(row(" + expressions(false, true) + "), 0)"
        : "hashtextextended(row(" + expressions(false, false) + ")::text collate \"C\", 0)";
  }

  private String expressions(boolean keyOnly, boolean asTheyAre) {
    List<FlowColumn> columns = table.columns();
    return columns.stream().filter(column -> column.key() || !keyOnly)
        .map(column -> expression(column, asTheyAre))
        .collect(Collectors.joining(", "));
  }

  private String expression(FlowColumn column, boolean asTheyAre) {
    String name = Sql.identifier(source ? column.source() : column.target());
    boolean fits = asTheyAre && column.sourceType().equals(column.targetType()) && HASHED_AS_THEY_ARE.contains(column.sourceType());
    if (column.sourceType().equals("xml")) {
      // Its cast shows the declaration of an encoding that nobody else sees.
      return "case when %s is not null then format('%%s', %s) collate \"C\" end".formatted(name, name);
    }
    return fits ? name : name + "::text collate \"C\"";
  }

  private TableName name() {
    return source ? table.source() : table.target();
  }

  private Optional<String> where() {
    return source ? table.sourceWhere() : table.targetWhere();
  }
}
