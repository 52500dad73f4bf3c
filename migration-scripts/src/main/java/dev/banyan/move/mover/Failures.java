package dev.banyan.move.mover;

import dev.banyan.control.StaleMoverException;
import dev.banyan.move.cutover.SlotInUseException;
import dev.banyan.move.cutover.UnsettledSwitchException;
import dev.banyan.move.stream.GapException;
import dev.banyan.move.stream.ShapeChangedException;
import io.debezium.DebeziumException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/** Tells failures that pass by themselves from those that do not, by type and SQLSTATE, never by the text of a message. */
final class Failures {

  private Failures() {}

  /** Tells whether to start again from what is stored makes sense. */
  static boolean mayPass(Throwable failure) {
    boolean passing = false;
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof StaleMoverException || t instanceof GapException || t instanceof SlotGivenUpException || t instanceof Refused
          || t instanceof ShapeChangedException) {
        return false;
      }
      if (t instanceof UnsettledSwitchException) {
        return !isCausedBy(failure, StaleMoverException.class);
      }
      if (t instanceof SQLException e) {
        return mayPass(e.getSQLState());
      }
      passing |= t instanceof IOException || t instanceof TimeoutException || t instanceof RetriableException
          || t instanceof ConnectException || t instanceof DebeziumException
          || t instanceof SlotInUseException
          || t instanceof AgreedAgainException
          || (t instanceof StreamEndedException && t.getCause() == null);
    }
    return passing;
  }

  /** Tells whether the stream has stopped in front of a change of a table that has another shape now. */
  static boolean isShapeChanged(Throwable failure) {
    return isCausedBy(failure, ShapeChangedException.class);
  }

  private static boolean isCausedBy(Throwable failure, Class<? extends Throwable> type) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).anyMatch(type::isInstance);
  }

  /** Tells whether the session has no business going on: it was replaced, or refused what it was asked. */
  static boolean endsTheMover(Throwable failure) {
    return isOvertaken(failure) || failure instanceof Refused;
  }

  /** Tells whether another mover has taken over, and settles what was under way. */
  static boolean isOvertaken(Throwable failure) {
    return isCausedBy(failure, StaleMoverException.class);
  }

  /**
   * Connections (08), operator intervention such as a shutdown (57), resources (53), deadlocks (40), an object in use
   * (55006) or locked (55P03). No state at all: the pool's own time-out.
   */
  private static boolean mayPass(@Nullable String state) {
    if (state == null || state.length() < 2) {
      return true;
    }
    return switch (state.substring(0, 2)) {
      case "08", "57", "53", "40" -> true;
      default -> state.equals("55006") || state.equals("55P03");
    };
  }

  /** Tells whether a server has run out of something, room on its disk for instance. */
  static boolean isForLackOfResources(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .anyMatch(cause -> cause instanceof SQLException e && e.getSQLState() != null && e.getSQLState().startsWith("53"));
  }

  /** Returns the message of the innermost cause that has one; of a row that a constraint refuses, also its table. */
  static String message(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).flatMap(cause -> refusal(cause).stream()).findFirst()
        .orElseGet(() -> innermost(failure));
  }

  /** A unique index is named by the server, its table is not. */
  private static Optional<String> refusal(Throwable cause) {
    if (!(cause instanceof PSQLException e) || e.getSQLState() == null || !e.getSQLState().startsWith("23")) {
      return Optional.empty();
    }
    return Optional.ofNullable(e.getServerErrorMessage()).filter(said -> said.getSchema() != null && said.getTable() != null)
        .map(said -> ("Table %s.%s on the side that follows refuses a row that its owner has: %s. Nothing of its transaction was kept:"
            + " let both sides accept the same rows, and run again; or cancel.").formatted(said.getSchema(), said.getTable(), e.getMessage()));
  }

  private static String innermost(Throwable failure) {
    String message = failure.toString();
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t.getMessage() != null && !(t.getCause() != null && t.getMessage().equals(t.getCause().toString()))) {
        message = t.getMessage();
      }
    }
    return message;
  }
}
