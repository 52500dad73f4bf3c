package shop.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import shop.sql.JsonParameter;
import shop.sql.TransactionLock;
import tools.jackson.databind.json.JsonMapper;

/** Table {@code outbox} of a module's schema: an event is kept if and only if the change that it tells of is. */
public final class Outbox {

  private final String module;
  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final JsonParameter parameter;
  private final TransactionLock lock;
  private final Epochs epochs;
  private final Readers readers;
  private final Clock clock;

  Outbox(String module, JdbcClient jdbc, JsonMapper json, JsonParameter parameter, TransactionLock lock, Epochs epochs, Readers readers,
      Clock clock) {
    this.module = module;
    this.jdbc = jdbc;
    this.json = json;
    this.parameter = parameter;
    this.lock = lock;
    this.epochs = epochs;
    this.readers = readers;
    this.clock = clock;
  }

  /** Returns the module whose events these are, which is the name of its schema, too. */
  public String module() {
    return module;
  }

  /**
   * Keeps an aggregate to this transaction, if all who publish its events do so. To be called before anything is written:
   * the feed is in the order of transactions' numbers, and an update that waits for a row has its number already, perhaps a
   * lower one than who gets the row before it.
   */
  public void lock(String aggregate) {
    lock.take(module + "/" + aggregate);
  }

  /**
   * Publishes an event as part of the transaction that makes the change. Where several transactions may change an aggregate
   * at a time, each has to {@link #lock} it first.
   *
   * @throws IllegalStateException if there is no transaction
   */
  public void append(Event event) {
    if (!TransactionSynchronizationManager.isActualTransactionActive()) {
      throw new IllegalStateException("Event '%s' of '%s' needs the transaction of the change that it tells of"
          .formatted(event.type(), event.aggregate()));
    }
    jdbc.sql("insert into %s.outbox (type, aggregate, version, payload, at) values (:type, :aggregate, :version, %s, :at)"
            .formatted(module, parameter.named("payload")))
        .param("type", event.type()).param("aggregate", event.aggregate()).param("version", event.version())
        .param("payload", json.writeValueAsString(event.payload())).param("at", clock.instant().atOffset(ZoneOffset.UTC))
        .update();
  }

  /** Returns the feed of this process for a subscription in it, for which what it has not read is kept. */
  public EventFeed feed(String reader) {
    readers.declare(reader);
    return new LocalFeed(reader);
  }

  /** Refuses a reader that nobody has declared. */
  void requireDeclared(String reader) {
    readers.requireDeclared(reader);
  }

  /**
   * Returns what a declared reader reads behind a cursor, and notes that it has got there; nothing is noted of nobody.
   *
   * @throws shop.problems.Problem 400 if the cursor is none
   */
  EventFeed.Page read(String reader, String after, int limit) {
    var standing = epochs.standing(Cursor.parse(after));
    if (!reader.isEmpty()) {
      readers.note(reader, standing.cursor());
    }
    // Most of the time there is nothing new, and one question is enough.
    var rows = standing.nothingBehind() ? List.<Row>of() : after(standing, limit);
    return rows.isEmpty()
        ? new EventFeed.Page(List.of(), standing.cursor().toString(), standing.nothingBehind()) : page(rows);
  }

  /** An event, and whether none is published behind it. */
  private record Row(PublishedEvent event, boolean last) {}

  private static EventFeed.Page page(List<Row> rows) {
    var end = rows.get(rows.size() - 1);
    return new EventFeed.Page(rows.stream().map(Row::event).toList(), end.event().cursor(), end.last());
  }

  private List<Row> after(Epochs.Standing standing, int limit) {
    return jdbc.sql("""
            select txid, position, id, type, aggregate, version, payload, at,
              not exists (select * from %1$s.outbox b where (b.txid, b.position) > (f.txid, f.position)) as last
            from %1$s.feed f
            where (txid, position) > (:txid, :position)
            order by txid, position limit :limit""".formatted(module))
        .param("txid", standing.cursor().txid()).param("position", standing.cursor().position()).param("limit", limit)
        .query((row, number) -> new Row(event(standing.epoch(), row), row.getBoolean("last"))).list();
  }

  private PublishedEvent event(String epoch, ResultSet row) throws SQLException {
    var id = row.getObject("id", UUID.class);
    return new PublishedEvent(Cursor.behind(epoch, row.getLong("txid"), row.getLong("position"), id).toString(), id, row.getString("type"),
        row.getString("aggregate"), row.getLong("version"), json.readTree(row.getString("payload")),
        row.getObject("at", OffsetDateTime.class).toInstant());
  }

  private final class LocalFeed implements EventFeed {

    private final String reader;

    LocalFeed(String reader) {
      this.reader = reader;
    }

    @Override
    public String source() {
      return "local";
    }

    @Override
    public Page after(String cursor, int limit) {
      return read(reader, cursor, limit);
    }
  }
}
