package dev.banyan.move.mover;

import dev.banyan.move.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Makes the mover of a module the only one: an advisory lock, held as long as its connection lives. */
final class MoverLock implements AutoCloseable {

  private static final long POLL_MILLIS = 200;
  private static final String KEY = "hashtextextended('banyan mover ' || ?, 0)";
  // PostgreSQL shows the two halves of a lock's key.
  private static final String HOLDER = """
      select format('process %s of the monolith''s server%s%s', l.pid, ', from ' || host(a.client_addr),
        ', since ' || to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
      from pg_locks l left join pg_stat_activity a on a.pid = l.pid
      where l.locktype = 'advisory' and l.objsubid = 1 and l.granted
        and l.database = (select oid from pg_database where datname = current_database())
        and (l.classid::bigint << 32 | l.objid::bigint) =\s""" + KEY;

  private final Connection connection;

  private MoverLock(Connection connection) {
    this.connection = connection;
  }

  /**
   * Takes the lock.
   *
   * @throws Refused if another mover has it
   */
  static MoverLock take(Database monolith, String module) throws SQLException {
    Connection connection = monolith.connect();
    try (var statement = connection.prepareStatement("select pg_try_advisory_lock(%s)".formatted(KEY))) {
      statement.setString(1, module);
      try (var row = statement.executeQuery()) {
        if (row.next() && row.getBoolean(1)) {
          return new MoverLock(connection);
        }
      }
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    connection.close();
    throw new Refused(("The mover of module '%s' is running already; there can be one. Its lock is with %s."
        + " Follow it with `banyan status PLAN --watch`.").formatted(module, holder(monolith, module).orElse("nobody any more")));
  }

  /**
   * Takes the lock, and waits for it a while.
   *
   * @throws Refused if another mover has it even then
   */
  static MoverLock take(Database monolith, String module, Duration within) throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    while (true) {
      try {
        return take(monolith, module);
      } catch (Refused e) {
        if (System.nanoTime() >= deadline) {
          throw e;
        }
        Thread.sleep(POLL_MILLIS);
      }
    }
  }

  /** Returns who has the lock of a module, as its server knows them; empty where nobody has it. */
  static Optional<String> holder(Database monolith, String module) {
    return monolith.jdbi().withHandle(handle -> handle.createQuery(HOLDER).bind(0, module).mapTo(String.class).findOne());
  }

  /** Fails where the lock is lost. */
  void requireHeld() throws SQLException {
    if (!connection.isValid(5)) {
      throw new SQLException("the connection that holds the mover's lock is lost", "08006");
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
