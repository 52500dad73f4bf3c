package dev.banyan.move.cutover;

import dev.banyan.control.StaleMoverException;
import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.ObjectNames;
import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fence of one side: triggers on the moved tables that refuse every write, enabled while the other side owns.
 *
 * <p>The lock waits for every transaction that has written and lets no other begin to; when the transaction that raises
 * the fence has committed, nobody can be in the middle of a write any more. The triggers are enabled and disabled, not
 * told by a flag in a table: a writer in REPEATABLE READ would read that flag in its old snapshot and pass. Applier
 * sessions have {@code session_replication_role = replica} and do not meet them.
 */
public final class FenceTriggers {

  private static final Logger LOG = LoggerFactory.getLogger(FenceTriggers.class);
  private static final int ATTEMPTS = 100;
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private final String module;
  private final Owner side;
  private final Database database;
  private final Link link;

  /** Creates the access to one side's fence. */
  public FenceTriggers(Link link, Owner side) {
    this.module = link.module();
    this.side = side;
    this.database = link.database(side);
    this.link = link;
  }

  /** Thrown where the locks were not to be had in time; nothing has changed. */
  public static final class BlockedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BlockedException(Owner side, Duration waited, SQLException cause) {
      super("The moved tables of the %s could not be locked within %d ms".formatted(side.word(), waited.toMillis()), cause);
    }
  }

  /** Makes this side's row and its triggers, disabled, where they are missing; {@code epoch} may act on the side from now. */
  public void install(long epoch, Duration lockTimeout) throws SQLException {
    inTransaction(lockTimeout, (connection, statement) -> {
      statement.execute("""
          insert into banyan.side (module, epoch) values (%s, %d)
          on conflict (module) do update set epoch = greatest(side.epoch, excluded.epoch)""".formatted(Sql.literal(module), epoch));
      installMissing(statement);
      connection.commit();
    });
  }

  private void installMissing(Statement statement) throws SQLException {
    for (TableName table : fenced(statement, link.names(side))) {
      if (!isInstalled(statement, table)) {
        statement.execute("""
            create trigger %s before insert or update or delete or truncate on %s
            for each statement execute function banyan.refuse_write(%s, %s)""".formatted(ObjectNames.FENCE, table.sql(),
            Sql.literal(module), Sql.literal(side.other().word())));
        alter(statement, table, "disable");
      }
    }
  }

  /** The moved tables with all their partitions: a statement names one of them, and only its trigger fires. */
  private static List<TableName> fenced(Statement statement, List<TableName> moved) throws SQLException {
    List<TableName> tables = new ArrayList<>();
    try (var row = statement.executeQuery("""
        select n.nspname, c.relname
        from unnest(array[%s]::regclass[]) with ordinality moved(oid, position)
        cross join lateral (select moved.oid as relid, 0 as level union select p.relid, p.level from pg_partition_tree(moved.oid) p) t
        join pg_class c on c.oid = t.relid join pg_namespace n on n.oid = c.relnamespace
        order by moved.position, t.level, 1, 2""".formatted(moved.stream()
        .map(table -> Sql.literal(table.sql())).collect(Collectors.joining(", "))))) {
      while (row.next()) {
        tables.add(new TableName(row.getString(1), row.getString(2)));
      }
    }
    return tables;
  }

  /** Refuses all writes on this side from now on. */
  public void raise(long epoch, Duration lockTimeout) throws SQLException {
    inTransaction(lockTimeout, (connection, statement) -> {
      requireEpoch(statement, epoch);
      lock(statement);
      // A partition may have been added since.
      installMissing(statement);
      alterAll(statement, "enable");
      connection.commit();
    });
  }

  /** Allows writes on this side. */
  public void lower(long epoch, Duration lockTimeout) throws SQLException {
    try (Opening opening = prepareOpening(epoch, lockTimeout)) {
      opening.open();
    }
  }

  /**
   * Takes the locks and disables the triggers, so that nothing is left to do but to commit: the other side's writers may
   * be kept waiting until {@link Opening#open}, but not by anything that this side does.
   */
  public Opening prepareOpening(long epoch, Duration lockTimeout) throws SQLException {
    Connection connection = begin(lockTimeout);
    try (Statement statement = connection.createStatement()) {
      requireEpoch(statement, epoch);
      lock(statement);
      installMissing(statement);
      alterAll(statement, "disable");
      return new Opening(connection);
    } catch (SQLException e) {
      connection.close();
      throw translated(e, lockTimeout);
    } catch (RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** A fence whose lowering is prepared and not committed; closing it without opening leaves the fence as it was. */
  public static final class Opening implements AutoCloseable {

    private final Connection connection;

    private Opening(Connection connection) {
      this.connection = connection;
    }

    /** Lowers the fence. */
    public void open() throws SQLException {
      connection.commit();
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }

  /**
   * Takes the triggers and this side's row away. Table by table, with short waits for the lock: readers hold it up, and
   * everybody else would queue behind.
   */
  public void remove(long epoch, Duration lockTimeout) throws SQLException, InterruptedException {
    for (TableName moved : link.names(side)) {
      persistently(() -> inTransaction(lockTimeout, (connection, statement) -> {
        claim(statement, epoch);
        for (TableName table : fenced(statement, List.of(moved))) {
          statement.execute("drop trigger if exists %s on %s".formatted(ObjectNames.FENCE, table.sql()));
        }
        connection.commit();
      }));
    }
    inTransaction(lockTimeout, (connection, statement) -> {
      statement.execute("delete from banyan.side where module = %s and epoch <= %d".formatted(Sql.literal(module), epoch));
      connection.commit();
    });
  }

  interface Step {
    void run() throws SQLException;
  }

  /** Tries a step again and again while its locks are not to be had, and lets traffic through in between. */
  static void persistently(Step step) throws SQLException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        step.run();
        return;
      } catch (BlockedException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        LOG.debug("attempt {}: {}", attempt, e.getMessage());
        Thread.sleep(PAUSE.toMillis());
      }
    }
  }

  /** Lets {@code epoch} act on this side, and none before it; waits for no lock of the moved tables. */
  public void adopt(long epoch) {
    int adopted = database.jdbi().withHandle(handle -> handle.execute(
        "update banyan.side set epoch = ? where module = ? and epoch <= ?", epoch, module, epoch));
    if (adopted != 1) {
      throw new StaleMoverException(module, epoch);
    }
  }

  /** Tells whether every moved table of this side refuses writes. */
  public boolean isRaised() {
    return count("not exists (%s)") == 0;
  }

  /** Tells whether no moved table of this side refuses writes. */
  public boolean isLowered() {
    return count("exists (%s)") == 0;
  }

  private int count(String condition) {
    String enabled = "select from pg_trigger where tgname = '%s' and tgenabled = 'O' and tgrelid = t.relid".formatted(ObjectNames.FENCE);
    String tables = link.names(side).stream().map(table -> Sql.literal(table.sql())).collect(Collectors.joining(", "));
    return database.jdbi().withHandle(handle -> handle.createQuery("""
            select count(*) from (
              select oid::oid as relid from unnest(array[%1$s]::regclass[]) moved(oid)
              union select p.relid from unnest(array[%1$s]::regclass[]) moved(oid) cross join lateral pg_partition_tree(moved.oid) p) t
            where %2$s""".formatted(tables, condition.formatted(enabled)))
        .mapTo(Integer.class).one());
  }

  /** Like {@link #requireEpoch}, also where an earlier try has taken the side's row away already. */
  private void claim(Statement statement, long epoch) throws SQLException {
    int claimed = statement.executeUpdate("""
        insert into banyan.side (module, epoch) values (%s, %d)
        on conflict (module) do update set epoch = excluded.epoch where side.epoch <= excluded.epoch""".formatted(Sql.literal(module), epoch));
    if (claimed != 1) {
      throw new StaleMoverException(module, epoch);
    }
  }

  private static boolean isInstalled(Statement statement, TableName table) throws SQLException {
    try (var row = statement.executeQuery("select exists (select from pg_trigger where tgname = '%s' and tgrelid = %s::regclass)"
        .formatted(ObjectNames.FENCE, Sql.literal(table.sql())))) {
      return row.next() && row.getBoolean(1);
    }
  }

  private void requireEpoch(Statement statement, long epoch) throws SQLException {
    int raised = statement.executeUpdate("update banyan.side set epoch = %d where module = %s and epoch <= %d"
        .formatted(epoch, Sql.literal(module), epoch));
    if (raised != 1) {
      throw new StaleMoverException(module, epoch);
    }
  }

  private void lock(Statement statement) throws SQLException {
    statement.execute("lock table %s in share row exclusive mode".formatted(
        link.names(side).stream().map(TableName::sql).collect(Collectors.joining(", "))));
  }

  private void alterAll(Statement statement, String how) throws SQLException {
    for (TableName table : fenced(statement, link.names(side))) {
      alter(statement, table, how);
    }
  }

  private static void alter(Statement statement, TableName table, String how) throws SQLException {
    statement.execute("alter table %s %s trigger %s".formatted(table.sql(), how, ObjectNames.FENCE));
  }

  private interface Work {
    void on(Connection connection, Statement statement) throws SQLException;
  }

  private void inTransaction(Duration lockTimeout, Work work) throws SQLException {
    try (Connection connection = begin(lockTimeout); Statement statement = connection.createStatement()) {
      work.on(connection, statement);
    } catch (SQLException e) {
      throw translated(e, lockTimeout);
    }
  }

  private Connection begin(Duration lockTimeout) throws SQLException {
    Connection connection = database.connect();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("set lock_timeout = " + lockTimeout.toMillis());
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private SQLException translated(SQLException e, Duration waited) {
    if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
      throw new BlockedException(side, waited, e);
    }
    return e;
  }
}
