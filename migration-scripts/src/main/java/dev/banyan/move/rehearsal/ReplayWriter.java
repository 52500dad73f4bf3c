package dev.banyan.move.rehearsal;

import dev.banyan.control.client.Fence;
import dev.banyan.control.client.Owner;
import dev.banyan.move.database.DatabaseAddress;
import dev.banyan.move.rehearsal.Replay.Share;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGProperty;

/** One writer, as an application would be one: it writes to the side that owned last, and asks the other when the fence refuses. */
final class ReplayWriter implements Runnable {

  /** An application asks for the owner in between; nobody asks a database again without a pause. */
  private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int KEPT_STATEMENTS = 1_000;

  private final Map<Owner, DatabaseAddress> addresses;
  private final List<Share> shares;
  private final double total;
  private final WriterLog log;
  private final Random random;
  private final long everyNanos;
  private final Map<Owner, Connection> connections = new EnumMap<>(Owner.class);
  private Owner owner = Owner.MONOLITH;
  private volatile boolean stopped;

  ReplayWriter(Map<Owner, DatabaseAddress> addresses, List<Share> shares, WriterLog log, Random random, long everyNanos) {
    this.addresses = addresses;
    this.shares = shares;
    this.total = shares.stream().mapToDouble(share -> share.updates() + share.replacements()).sum();
    this.log = log;
    this.random = random;
    this.everyNanos = everyNanos;
  }

  /** Ends it after the write that is under way. */
  void stop() {
    stopped = true;
  }

  @Override
  public void run() {
    try {
      long next = System.nanoTime() + (long) (random.nextDouble() * everyNanos);
      while (!stopped) {
        sleepUntil(next);
        write();
        // What a pause has held up is not made up for at once: its clients waited as well.
        next = Math.max(next + everyNanos, System.nanoTime() - everyNanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connections.values().forEach(ReplayWriter::close);
    }
  }

  private static void sleepUntil(long nanos) throws InterruptedException {
    long left = nanos - System.nanoTime();
    if (left > 0) {
      TimeUnit.NANOSECONDS.sleep(left);
    }
  }

  private void write() throws InterruptedException {
    double chosen = random.nextDouble() * total;
    int i = 0;
    while (i < shares.size() - 1 && chosen >= shares.get(i).updates() + shares.get(i).replacements()) {
      chosen -= shares.get(i).updates() + shares.get(i).replacements();
      i++;
    }
    ReplayedTable table = shares.get(i).table();
    write(chosen < shares.get(i).updates() ? table.updates() : table.replacements(), table.keys().get(random.nextInt(table.keys().size())));
  }

  private void write(Map<Owner, String> statements, List<String> key) throws InterruptedException {
    long began = System.nanoTime();
    while (!stopped) {
      try {
        execute(statements.getOrDefault(owner, ""), key);
        log.acknowledged(System.nanoTime() - began);
        return;
      } catch (SQLException e) {
        if (Fence.raised(e)) {
          log.refused();
          owner = owner.other();
        } else if (!mayPass(e)) {
          giveUp(e);
          return;
        }
        TimeUnit.NANOSECONDS.sleep(AGAIN_NANOS);
      }
    }
  }

  /** Writers that meet on the same rows. */
  private static boolean mayPass(SQLException e) {
    return String.valueOf(e.getSQLState()).startsWith("40");
  }

  private void giveUp(SQLException e) {
    if (!stopped) {
      log.failed(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
    Connection broken = connections.remove(owner);
    if (broken != null) {
      close(broken);
    }
  }

  private void execute(String sql, List<String> key) throws SQLException {
    Connection connection = connections.get(owner);
    if (connection == null) {
      connection = connect(owner);
      connections.put(owner, connection);
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < key.size(); i++) {
        statement.setString(i + 1, key.get(i));
      }
      statement.execute();
    }
  }

  /** With none of the mover's settings: whoever it is, the fence must know it for a stranger. */
  private Connection connect(Owner side) throws SQLException {
    DatabaseAddress address = addresses.getOrDefault(side, new DatabaseAddress("", "", ""));
    Properties properties = new Properties();
    PGProperty.USER.set(properties, address.user());
    PGProperty.PASSWORD.set(properties, address.password());
    PGProperty.APPLICATION_NAME.set(properties, "rehearsal load");
    PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
    PGProperty.PREPARED_STATEMENT_CACHE_QUERIES.set(properties, KEPT_STATEMENTS);
    return DriverManager.getConnection(address.url(), properties);
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // It is lost already.
      return;
    }
  }
}
