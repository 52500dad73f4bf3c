package dev.banyan.move.copy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections of a piece of work, which can be broken off by another thread. */
final class Connections {

  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  private final Queue<Connection> opened = new ConcurrentLinkedQueue<>();
  private volatile boolean aborted;

  /** Takes a connection that was just opened; fails where the work was broken off meanwhile. */
  Connection opened(Connection connection) throws InterruptedException {
    opened.add(connection);
    if (aborted) {
      abort(connection);
      throw interrupted();
    }
    return connection;
  }

  /** Fails where the work was broken off. */
  void requireNotAborted() throws InterruptedException {
    if (aborted) {
      throw interrupted();
    }
  }

  private static InterruptedException interrupted() {
    return new InterruptedException("the work was broken off");
  }

  /** Breaks off whatever goes on, on every connection. */
  void abort() {
    aborted = true;
    opened.forEach(Connections::abort);
  }

  private static void abort(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      LOG.debug("while breaking off: {}", e.toString());
    }
  }
}
