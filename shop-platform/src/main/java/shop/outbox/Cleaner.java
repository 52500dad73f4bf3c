package shop.outbox;

import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Keeps an outbox bounded: first goes what every declared reader has read, and only past a limit what one has not. */
final class Cleaner {

  private static final Logger LOG = LoggerFactory.getLogger(Cleaner.class);

  private final String module;
  private final JdbcClient jdbc;
  private final OutboxSettings settings;
  private final Readers readers;
  private final Clock clock;

  Cleaner(String module, JdbcClient jdbc, OutboxSettings settings, Readers readers, Clock clock) {
    this.module = module;
    this.jdbc = jdbc;
    this.settings = settings;
    this.readers = readers;
    this.clock = clock;
  }

  void clean() {
    forgetReaders();
    deleteOld();
    deleteSurplus();
    deleteUnread();
  }

  private void forgetReaders() {
    for (var name : readers.forget(before(settings.readerForgotten()))) {
      LOG.warn("Reader '{}' of the events of '{}' was not seen for {}; events are kept for it no longer. "
          + "When it comes back, its copies have to be rebuilt.", name, module, settings.readerForgotten());
    }
  }

  private void deleteOld() {
    jdbc.sql("delete from %s.outbox o where at < :before and not %s".formatted(module, unread()))
        .param("before", before(settings.kept())).param("readers", readers.declared()).update();
  }

  private void deleteSurplus() {
    jdbc.sql("delete from %1$s.outbox o where position <= (select max(position) from %1$s.outbox) - :most and not %2$s"
            .formatted(module, unread()))
        .param("most", settings.most()).param("readers", readers.declared()).update();
  }

  private void deleteUnread() {
    int lost = jdbc.sql("delete from %1$s.outbox where position <= (select max(position) from %1$s.outbox) - :most".formatted(module))
        .param("most", settings.mostUnread()).update();
    if (lost > 0) {
      LOG.error("Events of '{}': {} were deleted that somebody has not read, because more than {} were kept. "
          + "Rebuild the copies of readers that are behind.", module, lost, settings.mostUnread());
    }
  }

  private String unread() {
    return "exists (select * from %s.outbox_reader r where r.name in (:readers) and (r.txid, r.position) < (o.txid, o.position))".formatted(module);
  }

  private OffsetDateTime before(Duration age) {
    return clock.instant().minus(age).atOffset(ZoneOffset.UTC);
  }
}
