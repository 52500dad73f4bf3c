package shop.outbox;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table {@code outbox_reader} of a module's schema: how far whoever gives a name has read. */
final class Readers {

  /** How old a note of a reader that stands still may be. */
  private static final Duration FRESH = Duration.ofMinutes(1);

  private final String module;
  private final JdbcClient jdbc;
  private final Map<String, Noted> noted = new ConcurrentHashMap<>();

  private record Noted(Cursor cursor, OffsetDateTime at) {}

  Readers(String module, JdbcClient jdbc) {
    this.module = module;
    this.jdbc = jdbc;
  }

  /** Notes how far a reader is; written once a minute for one that stands still. */
  void note(String reader, Cursor cursor) {
    var now = OffsetDateTime.now(ZoneOffset.UTC);
    var last = noted.get(reader);
    if (last == null || !last.cursor().equals(cursor) || last.at().plus(FRESH).isBefore(now)) {
      write(reader, cursor, now);
      noted.put(reader, new Noted(cursor, now));
    }
  }

  private void write(String reader, Cursor cursor, OffsetDateTime now) {
    jdbc.sql("""
            insert into %s.outbox_reader (name, txid, position, read_at) values (:name, :txid, :position, :now)
            on conflict do nothing""".formatted(module))
        .param("name", reader).param("txid", cursor.txid()).param("position", cursor.position()).param("now", now)
        .update();
    jdbc.sql("update %s.outbox_reader set txid = :txid, position = :position, read_at = :now where name = :name".formatted(module))
        .param("name", reader).param("txid", cursor.txid()).param("position", cursor.position()).param("now", now)
        .update();
  }

  /** Forgets readers that were not seen since a moment, and returns their names. */
  List<String> forget(OffsetDateTime seenBefore) {
    var names = jdbc.sql("select name from %s.outbox_reader where read_at < :before".formatted(module))
        .param("before", seenBefore).query(String.class).list();
    jdbc.sql("delete from %s.outbox_reader where read_at < :before".formatted(module))
        .param("before", seenBefore).update();
    return names;
  }
}
