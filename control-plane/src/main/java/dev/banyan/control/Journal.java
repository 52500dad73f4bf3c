package dev.banyan.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The append-only journal of an extraction, which is its audit log as well. */
final class Journal {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String actor;

  Journal(String actor) {
    this.actor = actor;
  }

  void write(Handle handle, Extraction at, String event, Map<String, ?> detail) {
    handle.createUpdate("""
            insert into banyan.journal (module, epoch, actor, event, detail) values (?, ?, ?, ?, cast(? as jsonb))""")
        .bind(0, at.module()).bind(1, at.epoch()).bind(2, actor).bind(3, event).bind(4, json(detail))
        .execute();
  }

  /** Has a statement write a record that takes {@code :actor}, {@code :event} and {@code :detail}. */
  Query written(Query statement, String event, Map<String, ?> detail) {
    return statement.bind("actor", actor).bind("event", event).bind("detail", json(detail));
  }

  /**
   * Writes a record in one round trip, without waiting for the disk: the next change that waits for it takes the record along.
   *
   * @return false if the epoch has passed; nothing was written
   */
  boolean note(Handle handle, Extraction at, String event, Map<String, ?> detail) {
    return handle.createUpdate("""
            with hurried as materialized (select set_config('synchronous_commit', 'off', true)),
              current as (select module, epoch from banyan.extraction where module = ? and epoch = ? for share)
            insert into banyan.journal (module, epoch, actor, event, detail)
            select current.module, current.epoch, ?, ?, cast(? as jsonb) from current, hurried""")
        .bind(0, at.module()).bind(1, at.epoch()).bind(2, actor).bind(3, event).bind(4, json(detail))
        .execute() == 1;
  }

  List<JournalRecord> last(Handle handle, String module, int most) {
    return handle.createQuery("""
            select id, at, epoch, actor, event, detail::text from banyan.journal
            where module = ? order by id desc limit ?""")
        .bind(0, module).bind(1, most)
        .map((row, context) -> new JournalRecord(row.getLong(1), row.getTimestamp(2).toInstant(), row.getLong(3),
            row.getString(4), row.getString(5), row.getString(6)))
        .list();
  }

  static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
