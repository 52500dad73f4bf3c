package shop.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import shop.sql.JsonParameter;
import shop.sql.TransactionLock;
import shop.sql.TransactionNumbers;
import tools.jackson.databind.json.JsonMapper;

/** Table {@code outbox} of a module's schema: an event is kept if and only if the change that it tells of is. */
public final class Outbox {

  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

  private final String module;
  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final JsonParameter parameter;
  private final TransactionLock lock;
  private final TransactionNumbers numbers;
  private final Readers readers;

  Outbox(String module, JdbcClient jdbc, JsonMapper json, JsonParameter parameter, TransactionLock lock, TransactionNumbers numbers) {
    this.module = module;
    this.jdbc = jdbc;
    this.json = json;
    this.parameter = parameter;
    this.lock = lock;
    this.numbers = numbers;
    this.readers = new Readers(module, jdbc);
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
    jdbc.sql("insert into %s.outbox (type, aggregate, version, payload) values (:type, :aggregate, :version, %s)"
            .formatted(module, parameter.named("payload")))
        .param("type", event.type()).param("aggregate", event.aggregate()).param("version", event.version())
        .param("payload", json.writeValueAsString(event.payload()))
        .update();
  }

  /** Returns the feed of this process for a reader, for whom what it has not read is kept. */
  public EventFeed feed(String reader) {
    return new LocalFeed(reader);
  }

  /** Returns what a reader reads behind a cursor, and notes that it has got there; nothing is noted of nobody. */
  EventFeed.Page read(String reader, String after, int limit) {
    var from = ofThisServer(after);
    var cursor = Cursor.parse(from);
    if (!reader.isEmpty()) {
      readers.note(reader, cursor);
    }
    var events = after(cursor, limit);
    var next = events.isEmpty() ? cursor : Cursor.parse(events.get(events.size() - 1).cursor());
    return new EventFeed.Page(events, events.isEmpty() ? from : next.toString(), nothingBehind(next));
  }

  /**
   * A cursor that is ahead of all transactions is one of a server that this one has replaced, and everything published since
   * would be taken for read. The reader begins anew, and knows itself what it has applied.
   */
  private String ofThisServer(String after) {
    if (numbers.areBeyond(Cursor.parse(after).txid())) {
      return after;
    }
    LOG.warn("Cursor {} of the events of '{}' is ahead of this server's transactions, and so of another server; all events are told from the start.",
        after, module);
    return EventFeed.START;
  }

  private List<PublishedEvent> after(Cursor cursor, int limit) {
    return jdbc.sql("""
            select txid, position, id, type, aggregate, version, payload, at from %s.feed
            where (txid, position) > (:txid, :position)
            order by txid, position limit :limit""".formatted(module))
        .param("txid", cursor.txid()).param("position", cursor.position()).param("limit", limit)
        .query(this::event).list();
  }

  /** Asked of the table, not of the feed, which does not show what is committed beside an older transaction. */
  private boolean nothingBehind(Cursor cursor) {
    return jdbc.sql("select not exists (select * from %s.outbox where (txid, position) > (:txid, :position))".formatted(module))
        .param("txid", cursor.txid()).param("position", cursor.position()).query(Boolean.class).single();
  }

  private PublishedEvent event(ResultSet row, int number) throws SQLException {
    return new PublishedEvent(new Cursor(row.getLong("txid"), row.getLong("position")).toString(),
        row.getObject("id", UUID.class), row.getString("type"), row.getString("aggregate"), row.getLong("version"),
        json.readTree(row.getString("payload")), row.getObject("at", OffsetDateTime.class).toInstant());
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
