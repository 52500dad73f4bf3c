package shop.outbox;

import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import shop.problems.Problem;

/**
 * Table {@code outbox_reader} of a module's schema: how far the declared readers have read. Only of these it is noted, and
 * only for these something is kept; whoever could give any name could fill the disk.
 */
final class Readers {

  /** How old a note of a reader that stands still may be. */
  private static final Duration FRESH = Duration.ofMinutes(1);

  private final String module;
  private final JdbcClient jdbc;
  private final Clock clock;
  private final Set<String> declared = ConcurrentHashMap.newKeySet();
  private final Map<String, Noted> noted = new ConcurrentHashMap<>();

  private record Noted(Cursor cursor, OffsetDateTime at) {}

  Readers(String module, JdbcClient jdbc, Set<String> declared, Clock clock) {
    this.module = module;
    this.jdbc = jdbc;
    this.clock = clock;
    this.declared.addAll(declared);
  }

  /** Declares a reader beside those that the settings name: a subscription of this process. */
  void declare(String reader) {
    declared.add(reader);
  }

  /** Refuses a reader that nobody has declared; a name of no letters stands for nobody, who needs not be. */
  void requireDeclared(String reader) {
    if (!reader.isEmpty() && !declared.contains(reader)) {
      throw Problem.invalid("'%1$s' is no declared reader of the events of '%2$s', and nothing would be kept for it. Declare it in shop.outbox.readers.%2$s, or leave the reader out."
          .formatted(reader, module));
    }
  }

  /** Returns the declared readers, as the values of a list in SQL, which is never empty. */
  List<String> declared() {
    return Stream.concat(Stream.of(""), declared.stream()).toList();
  }

  /** Notes of declared readers that have never come that they have read nothing: from now on that is kept for them. */
  void expect() {
    var now = clock.instant().atOffset(ZoneOffset.UTC);
    declared.forEach(reader -> insert(reader, Cursor.START, now));
  }

  /** Notes how far a reader is; written once a minute for one that stands still. */
  void note(String reader, Cursor cursor) {
    var now = clock.instant().atOffset(ZoneOffset.UTC);
    var last = noted.get(reader);
    if (last == null || !last.cursor().equals(cursor) || last.at().plus(FRESH).isBefore(now)) {
      write(reader, cursor, now);
      noted.put(reader, new Noted(cursor, now));
    }
  }

  private void insert(String reader, Cursor cursor, OffsetDateTime now) {
    jdbc.sql("""
            insert into %s.outbox_reader (name, txid, position, read_at) values (:name, :txid, :position, :now)
            on conflict do nothing""".formatted(module))
        .param("name", reader).param("txid", cursor.txid()).param("position", cursor.position()).param("now", now)
        .update();
  }

  private void write(String reader, Cursor cursor, OffsetDateTime now) {
    insert(reader, cursor, now);
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
