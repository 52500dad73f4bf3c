package dev.banyan.move.database;

import dev.banyan.control.StaleMoverException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What the service's side keeps of a copy, so that it can go on after an interruption.
 *
 * <p>Idea: the ranges are planned once. A range is marked with the position of its snapshot in the transaction that
 * brings its rows, so the two are there together or not at all. The slot begins at the first snapshot of all. A key of a
 * range with position S lacks exactly the changes of the transactions that end behind S, where the stream has not applied them.
 *
 * <p>Life: {@link #begin}, {@link #plan}, {@link #copied} for each range, {@link #streamBeforeTheEnd} where
 * the copy stands still in between, {@link #conclude}; then, where ranges are of
 * several snapshots, {@link #pass} once the stream has passed the newest. Every change is refused under an old epoch.
 */
public final class CopyLedger {

  private static final String RANGES = """
      select source, number, lag(up_to) over (partition by source order by number), up_to, position::text, coalesce(rows, 0)
      from banyan.copy_range where module = ? order by source, number""";

  private final Database side;
  private final String module;

  /** Creates the access to the ledger of a module. */
  public CopyLedger(Database side, String module) {
    this.side = side;
    this.module = module;
  }

  /** Returns the position of the first snapshot of the copy under way; empty where none is planned. */
  public Optional<Lsn> copiedFrom() {
    return side.jdbi().withHandle(handle -> handle.createQuery("select copied_from::text from banyan.side where module = ?")
        .bind(0, module).mapTo(String.class).findOne()).map(Lsn::parse);
  }

  /** Returns the position behind which the slot must still hold everything; empty where no copy is under way. */
  public Optional<Lsn> neededFrom() {
    return side.jdbi().withHandle(handle -> handle.createQuery("""
            select coalesce(applied, copied_from)::text from banyan.side where module = ? and copied_from is not null""")
        .bind(0, module).mapTo(String.class).findOne()).map(Lsn::parse);
  }

  /** Lets the stream begin before every row is copied: what is copied follows, what is not is left alone. */
  public void streamBeforeTheEnd(long epoch) {
    side.jdbi().useTransaction(handle -> change(handle, "applied = coalesce(applied, copied_from)", null, epoch));
  }

  /** Tells whether every row was copied, so that the stream may begin. */
  public boolean isConcluded() {
    return side.jdbi().withHandle(handle -> handle.createQuery("""
            select applied is not null and copied_from is null from banyan.side where module = ?""")
        .bind(0, module).mapTo(Boolean.class).one());
  }

  /** Tells whether a copy has begun to fill the tables. */
  public boolean isFilled() {
    return side.jdbi().withHandle(handle -> handle.createQuery("select filled from banyan.side where module = ?")
        .bind(0, module).mapTo(Boolean.class).findOne().orElse(false));
  }

  /** Returns the ranges, table by table, in the order of their keys. */
  public List<CopiedRange> ranges() {
    return side.jdbi().withHandle(handle -> handle.createQuery(RANGES).bind(0, module).map((row, context) -> range(row)).list());
  }

  private static CopiedRange range(ResultSet row) throws SQLException {
    String position = row.getString(5);
    return new CopiedRange(TableName.parse(row.getString(1)).orElseThrow(), row.getInt(2), key(row.getArray(3)),
        key(row.getArray(4)), position == null ? null : Lsn.parse(position), row.getLong(6));
  }

  private static @Nullable List<String> key(@Nullable Array values) throws SQLException {
    return values == null ? null : List.of((String[]) values.getArray());
  }

  /** Returns the newest position among the ranges; empty where no range needs to be remembered. */
  public Optional<Lsn> newest() {
    return side.jdbi().withHandle(handle -> handle.createQuery("select max(position)::text from banyan.copy_range where module = ?")
        .bind(0, module).mapTo(String.class).findOne()).map(Lsn::parse);
  }

  /** Forgets an earlier copy, in the transaction that empties the tables; the caller has made sure of the epoch. */
  public void begin(Connection emptying) throws SQLException {
    execute(emptying, "delete from banyan.copy_range where module = ?", module);
    execute(emptying, "update banyan.side set applied = null, copied_from = null, filled = true where module = ?", module);
  }

  /** Says, in the transaction that empties the tables, that nothing of a copy is left in them. */
  public void emptied(Connection emptying) throws SQLException {
    execute(emptying, "update banyan.side set filled = false where module = ?", module);
  }

  /** Writes the plan of a copy down whose first snapshot has this position. */
  public void plan(Lsn from, List<CopiedRange> ranges, long epoch) {
    side.jdbi().useTransaction(handle -> {
      change(handle, "copied_from = :position::pg_lsn", from, epoch);
      var batch = handle.prepareBatch("insert into banyan.copy_range (module, source, number, up_to) values (?, ?, ?, ?)");
      for (CopiedRange range : ranges) {
        String[] upTo = range.upTo() == null ? null : range.upTo().toArray(String[]::new);
        batch.bind(0, module).bind(1, range.source().sql()).bind(2, range.number()).bindByType(3, upTo, String[].class).add();
      }
      batch.execute();
    });
  }

  /** Marks a range as copied, in the transaction that brings its rows; the caller has made sure of the epoch. */
  public void copied(Connection bringing, CopiedRange range, Lsn position, long rows) throws SQLException {
    int marked = execute(bringing, """
        update banyan.copy_range set position = ?::pg_lsn, rows = ?::bigint
        where module = ? and source = ? and number = ?::int and position is null""",
        position.toString(), Long.toString(rows), module, range.source().sql(), Integer.toString(range.number()));
    if (marked != 1) {
      throw new IllegalStateException("Range %d of %s is copied already".formatted(range.number(), range.source()));
    }
  }

  /** Marks all ranges of a table as not copied, in the transaction that takes its rows away. */
  public void reopen(Connection emptying, TableName source) throws SQLException {
    execute(emptying, "update banyan.copy_range set position = null, rows = null where module = ? and source = ?", module, source.sql());
  }

  /** Says that all is copied and may be streamed; forgets tables that hold nothing but what the stream has reached. */
  public void conclude(long epoch) {
    side.jdbi().useTransaction(handle -> {
      handle.execute("""
          delete from banyan.copy_range where module = ? and source in (
            select r.source from banyan.copy_range r join banyan.side s using (module) where module = ?
            group by r.source having bool_and(r.position <= coalesce(s.applied, s.copied_from)))""", module, module);
      change(handle, "applied = coalesce(applied, copied_from), copied_from = null", null, epoch);
    });
  }

  /** Says that all transactions that end at or before {@code newest} are applied, and forgets the ranges. */
  public void pass(Lsn newest, long epoch) {
    side.jdbi().useTransaction(handle -> {
      change(handle, "applied = greatest(applied, :position::pg_lsn)", newest, epoch);
      handle.execute("delete from banyan.copy_range where module = ?", module);
    });
  }

  /** Gives the copy up; the next one begins anew. */
  public void giveUp(long epoch) {
    side.jdbi().useTransaction(handle -> {
      change(handle, "applied = null, copied_from = null", null, epoch);
      handle.execute("delete from banyan.copy_range where module = ?", module);
    });
  }

  /**
   * Forgets under which snapshots a table was copied, in the transaction that empties it because its owner has: nothing
   * of the copy is left, and every key lacks all that follows.
   */
  public static void forget(Connection emptying, String module, TableName source) throws SQLException {
    execute(emptying, "delete from banyan.copy_range where module = ? and source = ?", module, source.sql());
  }

  private void change(Handle handle, String set, @Nullable Lsn position, long epoch) {
    var update = handle.createUpdate("update banyan.side set " + set + " where module = :module and epoch = :epoch")
        .bind("module", module).bind("epoch", epoch);
    if (position != null) {
      update.bind("position", position.toString());
    }
    if (update.execute() != 1) {
      throw new StaleMoverException(module, epoch);
    }
  }

  private static int execute(Connection connection, String sql, String... values) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
      return statement.executeUpdate();
    }
  }
}
