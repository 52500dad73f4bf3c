package dev.banyan.move.cutover;

import dev.banyan.control.StaleMoverException;
import dev.banyan.control.client.Owner;
import dev.banyan.move.cutover.protocol.BlockedException;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.ObjectNames;
import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
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
  private final Connections connections;

  /** Where the connections come from that hold the locks. */
  interface Connections {

    /** Hands out one of the caller's own. */
    Connection take() throws SQLException;
  }

  /** Creates the access to one side's fence. */
  public FenceTriggers(Link link, Owner side) {
    this(link, side, link.database(side)::connect);
  }

  /** Creates the access to one side's fence by connections of one's own. */
  FenceTriggers(Link link, Owner side, Connections connections) {
    this.module = link.module();
    this.side = side;
    this.database = link.database(side);
    this.link = link;
    this.connections = connections;
  }

  /** Makes this side's row and its triggers, disabled, where they are missing; {@code epoch} may act on the side from now. */
  public void install(long epoch, Duration lockTimeout) throws SQLException {
    inTransaction(lockTimeout, (connection, statement) -> {
      statement.execute("""
          insert into banyan.side (module, epoch) values (%s, %d)
          on conflict (module) do update set epoch = greatest(side.epoch, excluded.epoch)""".formatted(Sql.literal(module), epoch));
      installMissing(statement, tables(connection));
      connection.commit();
    });
  }

  /** Makes what is missing, also on partitions that were added since. */
  private void installMissing(Statement statement, List<FencedTable> tables) throws SQLException {
    for (FencedTable table : tables) {
      if (!table.installed()) {
        statement.execute("""
            create trigger %s before insert or update or delete or truncate on %s
            for each statement execute function banyan.refuse_write(%s, %s)""".formatted(ObjectNames.FENCE, table.name().sql(),
            Sql.literal(module), Sql.literal(side.other().word())));
        statement.execute(alteration(List.of(table), made -> "disable"));
      }
    }
  }

  private List<FencedTable> tables(Connection connection) throws SQLException {
    return FencedTable.of(connection, module, link.names(side));
  }

  /** Refuses all writes on this side from now on. */
  public void raise(long epoch, Duration lockTimeout) throws SQLException {
    try (Connection connection = transaction(); Statement statement = connection.createStatement()) {
      List<FencedTable> tables = lock(statement, epoch, lockTimeout);
      statement.execute(alteration(tables, table -> table.moved() ? "enable" : "disable") + "; commit");
    } catch (SQLException e) {
      throw translated(e, lockTimeout);
    }
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
    Connection connection = transaction();
    try (Statement statement = connection.createStatement()) {
      statement.execute(alteration(lock(statement, epoch, lockTimeout), table -> "disable"));
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
    for (FencedTable table : installed()) {
      persistently(() -> inTransaction(lockTimeout, (connection, statement) -> {
        claim(statement, epoch);
        statement.execute("drop trigger if exists %s on %s".formatted(ObjectNames.FENCE, table.name().sql()));
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

  /** Tells whether every moved table of this side refuses writes, and no other because of us. */
  public boolean isRaised() throws SQLException {
    return read().stream().allMatch(table -> table.enabled() == table.moved());
  }

  /** Tells whether all moved tables of this side are there by their names: what is not can be neither locked nor fenced. */
  public boolean hasAllTables() throws SQLException {
    return read().stream().filter(FencedTable::moved).map(FencedTable::name).collect(Collectors.toSet()).containsAll(link.names(side));
  }

  /** Tells whether no table of this side refuses writes because of us. */
  public boolean isLowered() throws SQLException {
    return read().stream().noneMatch(FencedTable::enabled);
  }

  private List<FencedTable> installed() throws SQLException {
    return read().stream().filter(FencedTable::installed).toList();
  }

  private List<FencedTable> read() throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      return tables(connection);
    }
  }

  /** Lets {@code epoch} act on this side, also where an earlier try has taken the side's row away already. */
  private void claim(Statement statement, long epoch) throws SQLException {
    int claimed = statement.executeUpdate("""
        insert into banyan.side (module, epoch) values (%s, %d)
        on conflict (module) do update set epoch = excluded.epoch where side.epoch <= excluded.epoch""".formatted(Sql.literal(module), epoch));
    if (claimed != 1) {
      throw new StaleMoverException(module, epoch);
    }
  }

  /**
   * Lets {@code epoch} act on this side, takes the locks, and returns all tables with their triggers, which are there then. In one
   * round trip, because writes may be held.
   */
  private List<FencedTable> lock(Statement statement, long epoch, Duration lockTimeout) throws SQLException {
    statement.execute("set lock_timeout = %d; update banyan.side set epoch = %d where module = %s and epoch <= %d; lock table %s in %s; %s".formatted(
        lockTimeout.toMillis(), epoch, Sql.literal(module), epoch,
        link.names(side).stream().map(TableName::sql).collect(Collectors.joining(", ")), "share row exclusive mode",
        FencedTable.query(module, link.names(side))));
    statement.getMoreResults();
    if (statement.getUpdateCount() != 1) {
      throw new StaleMoverException(module, epoch);
    }
    statement.getMoreResults();
    statement.getMoreResults();
    List<FencedTable> tables = FencedTable.read(statement.getResultSet());
    installMissing(statement, tables);
    return tables;
  }

  /** All at once, because writes may be held. */
  private static String alteration(List<FencedTable> tables, Function<FencedTable, String> how) {
    return tables.stream().map(table -> "alter table %s %s trigger %s".formatted(table.name().sql(), how.apply(table), ObjectNames.FENCE))
        .collect(Collectors.joining("; "));
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
    Connection connection = transaction();
    try (Statement statement = connection.createStatement()) {
      statement.execute("set lock_timeout = " + lockTimeout.toMillis());
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private Connection transaction() throws SQLException {
    Connection connection = connections.take();
    connection.setAutoCommit(false);
    return connection;
  }

  private SQLException translated(SQLException e, Duration waited) {
    if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
      throw new BlockedException(side, waited, e);
    }
    return e;
  }
}
