package dev.banyan.move.database;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a server while connections to it may be lost: over a connection of its own, since one of the pool's may be lost like the
 * others, and a new one where the last question was some time ago. Used by one thread.
 */
final class Questions {

  private static final Logger LOG = LoggerFactory.getLogger(Questions.class);
  private static final int ANSWER_SECONDS = 3;

  private final Database database;
  private @Nullable Connection connection;
  private long answeredAt;

  Questions(Database database) {
    this.database = database;
  }

  /** What is asked, and done with the answer. */
  interface Question {
    void ask(Handle handle) throws IOException, SQLException;
  }

  /**
   * Asks.
   *
   * @param interval in which questions come that belong together
   * @throws SQLException if the server cannot be reached
   */
  void ask(Duration interval, Question question) throws IOException, SQLException {
    if (System.nanoTime() - answeredAt > 2 * interval.toNanos()) {
      close();
    }
    Connection asking = connection;
    if (asking == null) {
      asking = database.connectUnwatched(ANSWER_SECONDS);
      connection = asking;
    }
    Jdbi jdbi = Jdbi.create(asking);
    jdbi.getConfig(StatementExceptions.class).setMessageRendering(StatementExceptions.MessageRendering.NONE);
    try (Handle handle = jdbi.open()) {
      question.ask(handle);
      answeredAt = System.nanoTime();
    } catch (IOException | SQLException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Ends the connection; the next question opens another. */
  void close() {
    try (Connection closing = connection) {
      connection = null;
    } catch (SQLException e) {
      LOG.debug("a connection to {} is not ended: {}", database, e.toString());
    }
  }
}
