package shop.inbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import shop.outbox.PublishedEvent;
import shop.sql.JsonParameter;
import tools.jackson.databind.json.JsonMapper;

/** Table {@code held_event} of a module's schema. */
final class HeldEvents {

  private static final String COLUMNS =
      "subscription, source, event_id, type, aggregate, version, payload, at, state, attempts, error, held_at";

  private final String module;
  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final JsonParameter parameter;
  private final Clock clock;

  HeldEvents(String module, JdbcClient jdbc, JsonMapper json, JsonParameter parameter, Clock clock) {
    this.module = module;
    this.jdbc = jdbc;
    this.json = json;
    this.parameter = parameter;
    this.clock = clock;
  }

  void add(String subscription, String source, PublishedEvent event) {
    jdbc.sql("""
            insert into %s.held_event (subscription, source, event_id, type, aggregate, version, payload, at, state, held_at, next_at)
            values (:subscription, :source, :id, :type, :aggregate, :version, %s, :at, 'WAITING', :now, :now)
            on conflict do nothing""".formatted(module, parameter.named("payload")))
        .param("subscription", subscription).param("source", source).param("id", event.id())
        .param("type", event.type()).param("aggregate", event.aggregate()).param("version", event.version())
        .param("payload", json.writeValueAsString(event.payload()))
        .param("at", event.at().atOffset(ZoneOffset.UTC)).param("now", now()).update();
  }

  /** Returns which aggregates of some events have events that are held; the set is the caller's own. */
  Set<String> holding(String subscription, List<PublishedEvent> events) {
    return events.isEmpty() ? new HashSet<>() : new HashSet<>(
        jdbc.sql("select distinct aggregate from %s.held_event where subscription = :subscription and aggregate in (:aggregates)".formatted(module))
            .param("subscription", subscription).param("aggregates", events.stream().map(PublishedEvent::aggregate).distinct().toList())
            .query(String.class).list());
  }

  long count(String subscription, String source) {
    return jdbc.sql("select count(*) from %s.held_event where subscription = :subscription and source = :source".formatted(module))
        .param("subscription", subscription).param("source", source).query(Long.class).single();
  }

  long count(String subscription) {
    return jdbc.sql("select count(*) from %s.held_event where subscription = :subscription".formatted(module))
        .param("subscription", subscription).query(Long.class).single();
  }

  /** Returns what can be tried now: of each aggregate the earliest, unless it is dead or has to wait. */
  List<HeldEvent> due(String subscription, int limit) {
    return jdbc.sql("""
            select %2$s from %1$s.held_event h
            where subscription = :subscription and state <> 'DEAD' and next_at <= :now
              and %3$s
            order by next_at limit :limit""".formatted(module, COLUMNS, earliest()))
        .param("subscription", subscription).param("now", now()).param("limit", limit).query(this::event).list();
  }

  /**
   * Locks an event for the transaction, unless another process is at it or done with it, or has meanwhile held
   * something that comes before it.
   */
  boolean lock(String subscription, UUID event) {
    return jdbc.sql("""
            select event_id from %1$s.held_event h
            where subscription = :subscription and event_id = :event and state <> 'DEAD' and %2$s
            for update skip locked""".formatted(module, earliest()))
        .param("subscription", subscription).param("event", event).query(UUID.class).optional().isPresent();
  }

  private String earliest() {
    return """
        not exists (select * from %s.held_event e
          where e.subscription = h.subscription and e.aggregate = h.aggregate and e.version < h.version)""".formatted(module);
  }

  void remove(String subscription, UUID event) {
    jdbc.sql("delete from %s.held_event where subscription = :subscription and event_id = :event".formatted(module))
        .param("subscription", subscription).param("event", event).update();
  }

  void failed(HeldEvent held, HeldEvent.State state, Duration pause, String error) {
    jdbc.sql("""
            update %s.held_event set state = :state, attempts = attempts + 1, error = :error, next_at = :next
            where subscription = :subscription and event_id = :event""".formatted(module))
        .param("state", state.name()).param("error", error).param("next", now().plus(pause))
        .param("subscription", held.subscription()).param("event", held.event().id()).update();
  }

  List<HeldEvent> dead(int limit) {
    return jdbc.sql("select %2$s from %1$s.held_event where state = 'DEAD' order by held_at limit :limit".formatted(module, COLUMNS))
        .param("limit", limit).query(this::event).list();
  }

  Optional<HeldEvent> dead(UUID event) {
    return jdbc.sql("select %2$s from %1$s.held_event where state = 'DEAD' and event_id = :event limit 1".formatted(module, COLUMNS))
        .param("event", event).query(this::event).optional();
  }

  /** Lets a dead letter be tried again, as often as a new event. */
  void revive(HeldEvent dead) {
    jdbc.sql("""
            update %s.held_event set state = 'RETRYING', attempts = 0, next_at = :now
            where subscription = :subscription and event_id = :event and state = 'DEAD'""".formatted(module))
        .param("now", now()).param("subscription", dead.subscription()).param("event", dead.event().id()).update();
  }

  /** Returns when the oldest event was published that is held. */
  Optional<OffsetDateTime> oldest(String subscription) {
    return jdbc.sql("select at from %s.held_event where subscription = :subscription order by at limit 1".formatted(module))
        .param("subscription", subscription).query(OffsetDateTime.class).optional();
  }

  private HeldEvent event(ResultSet row, int number) throws SQLException {
    var event = new PublishedEvent("", row.getObject("event_id", UUID.class), row.getString("type"), row.getString("aggregate"),
        row.getLong("version"), json.readTree(row.getString("payload")), row.getObject("at", OffsetDateTime.class).toInstant());
    return new HeldEvent(row.getString("subscription"), row.getString("source"), event,
        HeldEvent.State.valueOf(row.getString("state")), row.getInt("attempts"), row.getString("error"),
        row.getObject("held_at", OffsetDateTime.class).toInstant());
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }
}
