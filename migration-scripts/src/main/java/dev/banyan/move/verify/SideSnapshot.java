package dev.banyan.move.verify;

import dev.banyan.move.database.Database;
import dev.banyan.move.database.Lifeline;
import dev.banyan.move.database.Lsn;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One side as several connections see it, all of them with one snapshot; as many questions are asked at once. */
final class SideSnapshot implements AutoCloseable {

  private static final String SNAPSHOT = "set transaction isolation level repeatable read, read only";
  private static final int WATCH_SECONDS = 1;
  private static final Logger LOG = LoggerFactory.getLogger(SideSnapshot.class);

  private final List<Connection> connections;
  private final Queue<Connection> idle;
  private final ExecutorService workers;
  private final Lifeline lifeline;
  private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(SideSnapshot::thread);

  /** A question to a side. */
  interface Question<T> {
    T ask(Connection side) throws SQLException;
  }

  private SideSnapshot(List<Connection> connections, Lifeline lifeline) {
    this.connections = connections;
    this.lifeline = lifeline;
    this.idle = new ConcurrentLinkedQueue<>(connections);
    this.workers = Executors.newFixedThreadPool(connections.size(), SideSnapshot::thread);
    watch.scheduleWithFixedDelay(this::breakOffWhereLost, WATCH_SECONDS, WATCH_SECONDS, TimeUnit.SECONDS);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "banyan-verify");
    thread.setDaemon(true);
    return thread;
  }

  /** A question may take long, but an answer that got lost would be waited for for ever. */
  private void breakOffWhereLost() {
    try {
      lifeline.requireAlive();
    } catch (SQLException e) {
      LOG.debug("broken off: {}", e.toString());
      connections.forEach(SideSnapshot::abort);
    }
  }

  private static void abort(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      LOG.debug("while breaking off: {}", e.toString());
    }
  }

  /** Connects; which rows are seen is said by {@link #importFrom} or {@link #open}. */
  static SideSnapshot connect(Database database, int connections) throws SQLException {
    List<Connection> opened = new ArrayList<>();
    try {
      for (int i = 0; i < connections; i++) {
        opened.add(prepared(database.connect()));
      }
      return new SideSnapshot(opened, new Lifeline(database));
    } catch (SQLException e) {
      opened.forEach(SideSnapshot::close);
      throw e;
    }
  }

  private static Connection prepared(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      // Otherwise the servers would use more processes than the limit says.
      statement.execute("set max_parallel_workers_per_gather = 0");
      return connection;
    } catch (SQLException e) {
      close(connection);
      throw e;
    }
  }

  interface Import {
    void into(Connection connection) throws SQLException;
  }

  /** Sees what an exported snapshot shows. */
  void importFrom(Import snapshot) throws SQLException {
    for (Connection connection : connections) {
      snapshot.into(connection);
    }
  }

  /** Sees what is committed now. */
  void open() throws SQLException {
    Connection first = connections.get(0);
    begin(first);
    if (connections.size() == 1) {
      // Nothing is seen yet by a transaction that has only begun; what others commit until it asks would be.
      execute(first, "select 1");
      return;
    }
    shareWithAll(first);
  }

  /**
   * Sees, by one connection, what is committed now, and returns where the log has got to; no statement takes longer than the
   * limit. In one round trip, because writes may be held.
   */
  Lsn openAlone(Duration limit) throws SQLException {
    Connection alone = connections.get(0);
    alone.setAutoCommit(false);
    try (var statement = alone.createStatement()) {
      statement.execute("%s; %s; select pg_current_wal_insert_lsn()::text".formatted(SNAPSHOT, StatementLimit.sql(limit)));
      statement.getMoreResults();
      statement.getMoreResults();
      var row = statement.getResultSet();
      row.next();
      return Lsn.parse(row.getString(1));
    }
  }

  private void shareWithAll(Connection first) throws SQLException {
    String exported = exported(first);
    for (Connection connection : connections.subList(1, connections.size())) {
      begin(connection);
      execute(connection, "set transaction snapshot '" + exported + "'");
    }
  }

  /** Lets the snapshot go; another may be opened. */
  void end() throws SQLException {
    for (Connection connection : connections) {
      connection.rollback();
    }
  }

  private static void begin(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    execute(connection, SNAPSHOT);
  }

  private static String exported(Connection connection) throws SQLException {
    try (var statement = connection.createStatement(); var row = statement.executeQuery("select pg_export_snapshot()")) {
      row.next();
      return row.getString(1);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Asks as soon as a connection is free. */
  <T> Future<T> ask(Question<T> question) {
    return workers.submit(() -> {
      Connection connection = idle.remove();
      try {
        return question.ask(connection);
      } finally {
        idle.add(connection);
      }
    });
  }

  /** Waits for an answer. */
  static <T> T join(Future<T> answer) throws SQLException, InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SQLException cause) {
        throw cause;
      }
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
    }
  }

  /** Returns the major version of the server. */
  int majorVersion() throws SQLException {
    return connections.get(0).getMetaData().getDatabaseMajorVersion();
  }

  /** Breaks off what is still being asked. */
  @Override
  public void close() {
    watch.shutdownNow();
    workers.shutdownNow();
    // A server goes on with a query whose client is gone.
    connections.stream().filter(connection -> !idle.contains(connection)).forEach(SideSnapshot::cancel);
    connections.forEach(SideSnapshot::close);
    close(lifeline);
  }

  private static void cancel(Connection connection) {
    try {
      connection.unwrap(PGConnection.class).cancelQuery();
    } catch (SQLException e) {
      LOG.debug("not cancelled: {}", e.toString());
    }
  }

  private static void close(AutoCloseable connection) {
    try {
      connection.close();
    } catch (Exception e) {
      LOG.debug("not closed: {}", e.toString());
    }
  }
}
