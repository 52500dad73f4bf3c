package shop.reporting;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import shop.outbox.PublishedEvent;
import shop.sql.JsonParameter;
import tools.jackson.databind.json.JsonMapper;

/** Tables {@code reporting.event} and {@code reporting.read_model}: what was applied, and to which generation. */
@Repository
class EventLog {

  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final JsonParameter parameter;

  EventLog(JdbcClient jdbc, JsonMapper json, JsonParameter parameter) {
    this.jdbc = jdbc;
    this.json = json;
    this.parameter = parameter;
  }

  /** An event and its place in the log. */
  record Entry(long number, PublishedEvent event) {}

  /** Returns the generation that is read, which stays until the end of the transaction; so does the end of the log. */
  int lockGeneration() {
    return jdbc.sql("select generation from reporting.read_model for update").query(Integer.class).single();
  }

  int generation() {
    return jdbc.sql("select generation from reporting.read_model").query(Integer.class).single();
  }

  /** Returns a generation that nobody else builds; in a transaction. */
  int drawGeneration() {
    jdbc.sql("update reporting.read_model set drawn = drawn + 1").update();
    return jdbc.sql("select drawn from reporting.read_model").query(Integer.class).single();
  }

  void swap(int generation) {
    jdbc.sql("update reporting.read_model set generation = :generation").param("generation", generation).update();
  }

  /** Appends an event, and tells whether that is news: the inbox forgets in time, the log does not. */
  boolean append(PublishedEvent event) {
    return jdbc.sql("""
            insert into reporting.event (event_id, type, aggregate, version, payload, at)
            values (:id, :type, :aggregate, :version, %s, :at) on conflict do nothing""".formatted(parameter.named("payload")))
        .param("id", event.id()).param("type", event.type()).param("aggregate", event.aggregate())
        .param("version", event.version()).param("payload", json.writeValueAsString(event.payload()))
        .param("at", event.at().atOffset(ZoneOffset.UTC)).update() > 0;
  }

  List<Entry> after(long number, int limit) {
    return jdbc.sql("""
            select number, event_id, type, aggregate, version, payload, at from reporting.event
            where number > :number order by number limit :limit""")
        .param("number", number).param("limit", limit).query(this::entry).list();
  }

  private Entry entry(ResultSet row, int number) throws SQLException {
    return new Entry(row.getLong("number"), new PublishedEvent("", row.getObject("event_id", UUID.class), row.getString("type"),
        row.getString("aggregate"), row.getLong("version"), json.readTree(row.getString("payload")),
        row.getObject("at", OffsetDateTime.class).toInstant()));
  }
}
