package shop.inbox;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import shop.outbox.PublishedEvent;

/** Tables {@code inbox} and {@code inbox_cursor} of a module's schema: what was applied, and how far each source was read. */
final class Inbox {

  private final String module;
  private final JdbcClient jdbc;
  private final Clock clock;

  Inbox(String module, JdbcClient jdbc, Clock clock) {
    this.module = module;
    this.jdbc = jdbc;
    this.clock = clock;
  }

  Optional<String> cursor(String subscription, String source) {
    return jdbc.sql("select cursor from %s.inbox_cursor where subscription = :subscription and source = :source".formatted(module))
        .param("subscription", subscription).param("source", source).query(String.class).optional();
  }

  /** Moves a cursor, and tells whether it still stood where it was expected. */
  boolean moveCursor(String subscription, String source, String from, String to) {
    jdbc.sql("""
            insert into %s.inbox_cursor (subscription, source, cursor) values (:subscription, :source, :from)
            on conflict do nothing""".formatted(module))
        .param("subscription", subscription).param("source", source).param("from", from).update();
    return jdbc.sql("""
            update %s.inbox_cursor set cursor = :to
            where subscription = :subscription and source = :source and cursor = :from""".formatted(module))
        .param("subscription", subscription).param("source", source).param("from", from).param("to", to).update() > 0;
  }

  /** Notes that an event was applied, and tells whether that is news. */
  boolean note(String subscription, PublishedEvent event) {
    return jdbc.sql("""
            insert into %s.inbox (subscription, event_id, aggregate, version, applied_at)
            values (:subscription, :id, :aggregate, :version, :now) on conflict do nothing""".formatted(module))
        .param("subscription", subscription).param("id", event.id())
        .param("aggregate", event.aggregate()).param("version", event.version())
        .param("now", clock.instant().atOffset(ZoneOffset.UTC)).update() > 0;
  }

  /** Returns which of some events were applied. */
  Set<UUID> applied(String subscription, List<PublishedEvent> events) {
    return events.isEmpty() ? Set.of() : Set.copyOf(
        jdbc.sql("select event_id from %s.inbox where subscription = :subscription and event_id in (:ids)".formatted(module))
            .param("subscription", subscription).param("ids", events.stream().map(PublishedEvent::id).toList()).query(UUID.class).list());
  }

  /** Tells whether the event before this one of the same aggregate was applied. */
  boolean appliedBefore(String subscription, PublishedEvent event) {
    return jdbc.sql("""
            select exists (select * from %s.inbox
              where subscription = :subscription and aggregate = :aggregate and version = :before)""".formatted(module))
        .param("subscription", subscription).param("aggregate", event.aggregate())
        .param("before", event.version() - 1).query(Boolean.class).single();
  }

  void forget(Duration kept) {
    jdbc.sql("delete from %s.inbox where applied_at < :before".formatted(module))
        .param("before", clock.instant().minus(kept).atOffset(ZoneOffset.UTC)).update();
  }
}
