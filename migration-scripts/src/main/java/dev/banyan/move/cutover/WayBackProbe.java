package dev.banyan.move.cutover;

import dev.banyan.control.client.Owner;
import dev.banyan.move.check.Finding;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.ObjectNames;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Finds out, before anybody switches, whether what the next owner commits could flow back: puts a mark into its log and reads
 * it again by a slot of its own, through the plug-in that the stream back will use. The slot is a temporary one; nothing is
 * left of it, whatever happens to this process. What the publication holds is for {@code check} to say.
 */
public final class WayBackProbe {

  private final Link link;
  private final Duration within;

  /** Creates the probe of a move; transactions that are open on the server are waited for so long. */
  public WayBackProbe(Link link, Duration within) {
    this.link = link;
    this.within = within;
  }

  /** Returns what stands in the way of following {@code next}; empty where nothing does. */
  public Optional<Finding> of(Owner next) {
    try (Connection log = link.database(next).connect(); Connection walk = link.database(next).connectForReplication()) {
      walk.createStatement().execute("IDENTIFY_SYSTEM");
      requireMark(log, next);
      link.database(next.other()).connectAsApplier().close();
      return Optional.empty();
    } catch (SQLException e) {
      return Optional.of(new Finding("way back from the " + next.word(), String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
          "a slot that brings what is committed there",
          "It needs a free slot and sender, no transaction that stays open for %d s, and the privileges that `banyan check` asks for."
              .formatted(within.toSeconds())));
    }
  }

  private void requireMark(Connection log, Owner next) throws SQLException {
    String slot = "banyan_probe_" + UUID.randomUUID().toString().replace("-", "");
    String mark = link.module() + ":probe:" + slot;
    log.createStatement().execute("set statement_timeout = " + within.toMillis());
    ask(log, "select lsn::text from pg_create_logical_replication_slot(?, 'pgoutput', true)", slot);
    ask(log, "select pg_logical_emit_message(true, ?, ?)::text", ObjectNames.MARKS, mark);
    // Marks are sent in the clear, within what the plug-in frames them with.
    String met = ask(log, """
        select exists (select from pg_logical_slot_peek_binary_changes(?, null, null, 'proto_version', '1', 'publication_names', ?, 'messages', 'true')
          where position(convert_to(?, 'UTF8') in data) > 0)::text""", slot, ObjectNames.publication(link.module()), mark);
    if (!met.equals("true")) {
      throw new SQLException("a mark put into the log of the %s did not come out of it".formatted(next.word()));
    }
  }

  private static String ask(Connection connection, String query, String... arguments) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setString(i + 1, arguments[i]);
      }
      ResultSet row = statement.executeQuery();
      row.next();
      return row.getString(1);
    }
  }
}
