package shop.outbox;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table {@code outbox_reader} of a module's schema: how far whoever gives a name has read. */
final class Readers {

  private final String module;
  private final JdbcClient jdbc;

  Readers(String module, JdbcClient jdbc) {
    this.module = module;
    this.jdbc = jdbc;
  }

  /** Notes how far a reader is; written at most once a minute for one that stands still. */
  void note(String reader, Cursor cursor) {
    var now = OffsetDateTime.now(ZoneOffset.UTC);
    jdbc.sql("""
            insert into %s.outbox_reader (name, txid, position, read_at) values (:name, :txid, :position, :now)
            on conflict do nothing""".formatted(module))
        .param("name", reader).param("txid", cursor.txid()).param("position", cursor.position()).param("now", now)
        .update();
    jdbc.sql("""
            update %s.outbox_reader set txid = :txid, position = :position, read_at = :now
            where name = :name and (txid <> :txid or position <> :position or read_at < :stale)""".formatted(module))
        .param("name", reader).param("txid", cursor.txid()).param("position", cursor.position()).param("now", now)
        .param("stale", now.minusMinutes(1)).update();
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
