package dev.banyan.move.mover;

import static java.util.stream.Collectors.joining;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.DatabaseAddress;
import dev.banyan.move.database.Sql;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Properties;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Sessions of customers on one side, interleaved by one thread. What the database refuses, or would let wait for
 * another session, is rolled back to where its transaction stood; so any steps make a history.
 */
final class RandomHistory implements AutoCloseable {

  private static final int SESSIONS = 3;
  private static final int MANY = 21_000;
  private static final int FIRST_OF_MANY = 1_000_000;
  private static final int ASIDE = 500_000;

  private final DatabaseAddress address;
  private final Owner side;
  private final List<RandomTable> tables;
  private final List<Session> sessions = new ArrayList<>();

  private static final class Session {
    private Connection connection;
    private final Deque<Savepoint> savepoints = new ArrayDeque<>();
  }

  private interface Work {
    void run(Connection connection) throws SQLException;
  }

  RandomHistory(DatabaseAddress address, Owner side, List<RandomTable> tables) {
    this.address = address;
    this.side = side;
    this.tables = tables;
    IntStream.range(0, SESSIONS).forEach(i -> sessions.add(connected(new Session())));
  }

  private Session connected(Session session) {
    Properties properties = new Properties();
    properties.put("user", address.user());
    properties.put("password", address.password());
    properties.put("options", "-c lock_timeout=20ms");
    await("the server").atMost(Duration.ofSeconds(60)).ignoreExceptions()
        .until(() -> (session.connection = DriverManager.getConnection(address.url(), properties)) != null);
    session.savepoints.clear();
    try {
      session.connection.setAutoCommit(false);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return session;
  }

  /** Puts so many rows into each table. */
  void fill(int rows) throws SQLException {
    for (RandomTable table : tables) {
      for (int row = 0; row < rows; row++) {
        String insert = insert(table, row, row * 31 + table.number());
        write(sessions.get(0), connection -> execute(connection, insert));
      }
    }
    settle();
  }

  void run(List<RandomStep> steps) throws SQLException {
    for (RandomStep step : steps) {
      run(step);
    }
  }

  private void run(RandomStep step) throws SQLException {
    Session session = sessions.get(step.session() % SESSIONS);
    RandomTable table = tables.get(step.table() % tables.size());
    switch (step.kind()) {
      case COMMIT -> end(session, Connection::commit);
      case ROLLBACK -> end(session, Connection::rollback);
      case SAVEPOINT -> guarded(session, connection -> session.savepoints.push(connection.setSavepoint()));
      case ROLLBACK_TO -> guarded(session, connection -> {
        if (!session.savepoints.isEmpty()) {
          connection.rollback(session.savepoints.pop());
        }
      });
      default -> write(session, connection -> write(connection, table, step));
    }
  }

  /** Ends all transactions, the last one that began first. */
  void settle() throws SQLException {
    for (int i = SESSIONS - 1; i >= 0; i--) {
      end(sessions.get(i), Connection::commit);
    }
  }

  private void end(Session session, Work work) throws SQLException {
    guarded(session, work);
    session.savepoints.clear();
  }

  private void write(Session session, Work work) throws SQLException {
    guarded(session, connection -> {
      Savepoint before = connection.setSavepoint();
      try {
        work.run(connection);
      } catch (SQLException e) {
        connection.rollback(before);
      }
    });
  }

  /** A transaction whose server is gone is gone, too; whether its commit was done nobody knows. */
  private void guarded(Session session, Work work) throws SQLException {
    try {
      work.run(session.connection);
    } catch (SQLException e) {
      if (session.connection.isValid(1)) {
        throw e;
      }
      connected(session);
    }
  }

  private void write(Connection connection, RandomTable table, RandomStep step) throws SQLException {
    String name = table.name(side).sql();
    String where = " where " + table.isRow(step.row());
    switch (step.kind()) {
      case INSERT -> execute(connection, insert(table, step.row(), step.seed()));
      case UPDATE -> execute(connection, "update %s set %s = %s%s%s".formatted(name, table.n(side), number(step.seed()), oneOf(table, step.seed()), where));
      case UPDATE_BIG -> execute(connection, "update %s set big = %s%s".formatted(name, big(step.seed()), where));
      case UPDATE_ALL -> execute(connection, "update %1$s set %2$s = 1 - %2$s where abs(%2$s) %% 2 = %3$d".formatted(name, table.n(side), step.seed() & 1));
      case DELETE -> execute(connection, "delete from " + name + where);
      case REPLACE -> {
        execute(connection, "delete from " + name + where);
        execute(connection, insert(table, step.row(), step.seed()));
      }
      case REKEY -> rekey(connection, table, step.row(), step.other());
      case SWAP_KEYS -> {
        rekey(connection, table, step.row(), ASIDE + step.row());
        rekey(connection, table, step.other(), step.row());
        rekey(connection, table, ASIDE + step.row(), step.other());
      }
      case SWAP_UNIQUE -> swapUnique(connection, table, step);
      case TRUNCATE -> execute(connection, "truncate " + name);
      case MANY -> many(connection, table, step.seed());
      default -> throw new IllegalArgumentException("no write: " + step);
    }
  }

  private String insert(RandomTable table, int row, int seed) {
    return "insert into %s (%s, %s, big, u%s) select %s, %s, %s, %s%s from (values (%d)) g(i)".formatted(
        table.name(side).sql(), table.keyColumns(), table.n(side), further(table, "c%d"::formatted),
        table.key(), number(seed), big(seed), seed % 3 == 0 ? "null" : "'u" + seed % 40 + "'",
        further(table, i -> table.value(i, seed + i)), row);
  }

  private static String further(RandomTable table, IntFunction<String> column) {
    return IntStream.range(0, table.types().size()).mapToObj(column).map(text -> ", " + text).collect(joining());
  }

  private static String oneOf(RandomTable table, int seed) {
    int columns = table.types().size();
    return columns == 0 ? "" : ", c%d = %s".formatted(seed % columns, table.value(seed % columns, seed / 3));
  }

  private static String number(int seed) {
    return seed % 5 == 0 ? "null" : Integer.toString(seed % 7 - 2);
  }

  /** Stored outside its row in one of two cases. */
  private static String big(int seed) {
    return seed % 2 == 0 ? "'short'" : "(select string_agg(md5(x + %d || ''), '') from generate_series(1, 100) x)".formatted(seed);
  }

  private void rekey(Connection connection, RandomTable table, int from, int to) throws SQLException {
    execute(connection, "update %s set (%s) = (select %s from (values (%d)) g(i))%s where %s".formatted(table.name(side).sql(),
        table.keyColumns(), table.key(), to, "", table.isRow(from)).replace("set (id) = (select", "set id = (select"));
  }

  private void swapUnique(Connection connection, RandomTable table, RandomStep step) throws SQLException {
    String mine = unique(connection, table, step.row());
    String others = unique(connection, table, step.other());
    setUnique(connection, table, step.row(), "'aside'");
    setUnique(connection, table, step.other(), mine);
    setUnique(connection, table, step.row(), others);
  }

  private String unique(Connection connection, RandomTable table, int row) throws SQLException {
    try (var statement = connection.createStatement();
        var found = statement.executeQuery("select u from %s where %s".formatted(table.name(side).sql(), table.isRow(row)))) {
      String value = found.next() ? found.getString(1) : null;
      return value == null ? "null" : Sql.literal(value);
    }
  }

  private void setUnique(Connection connection, RandomTable table, int row, String value) throws SQLException {
    execute(connection, "update %s set u = %s where %s".formatted(table.name(side).sql(), value, table.isRow(row)));
  }

  /** More than fits into memory at once; changed and deleted by the next ones. */
  private void many(Connection connection, RandomTable table, int seed) throws SQLException {
    String name = table.name(side).sql();
    // Each of its rows is searched for in all of them.
    int count = table.identity() == RandomTable.Identity.NONE ? 100 : MANY;
    int present = changed(connection, seed % 3 == 0 ? "delete from %s where big = 'many'".formatted(name)
        : "update %1$s set %2$s = 1 - %2$s where big = 'many'".formatted(name, table.n(side)));
    if (present == 0) {
      execute(connection, "insert into %s (%s, %s, big) select %s, i %% 3 - 1, 'many' from generate_series(%d, %d) i".formatted(name,
          table.keyColumns(), table.n(side), table.key(), FIRST_OF_MANY, FIRST_OF_MANY + count));
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    changed(connection, sql);
  }

  private static int changed(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    for (Session session : sessions) {
      session.connection.close();
    }
  }
}
