package shop.orders;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Table {@code orders.idempotency_key}: which order a key has placed. */
@Repository
class IdempotencyKeyTable {

  private final JdbcClient jdbc;

  IdempotencyKeyTable(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * What a key was used for.
   *
   * @param fingerprint what was ordered, in short
   */
  record Used(String fingerprint, long orderId, Instant at) {}

  Optional<Used> find(IdempotencyKey key) {
    return jdbc.sql("select fingerprint, order_id, created_at from orders.idempotency_key where key_text = :text")
        .param("text", key.value()).query(IdempotencyKeyTable::used).optional();
  }

  /** Notes what a key is used for, unless it was used before; waits for whoever is about to use it. */
  boolean insert(IdempotencyKey key, Used used) {
    return jdbc.sql("""
            insert into orders.idempotency_key (key_text, fingerprint, order_id, created_at)
            values (:text, :fingerprint, :order, :now) on conflict do nothing""")
        .param("text", key.value()).param("fingerprint", used.fingerprint()).param("order", used.orderId())
        .param("now", used.at().atOffset(ZoneOffset.UTC)).update() > 0;
  }

  /** Deletes the keys of orders whose checkout has ended before a moment; who has no outcome yet may ask for it still. */
  void deleteEndedBefore(Instant moment) {
    jdbc.sql("""
            delete from orders.idempotency_key k where created_at < :moment and not exists (
              select * from orders.checkout c where c.order_id = k.order_id and (c.due_at is not null or c.updated_at >= :moment))""")
        .param("moment", moment.atOffset(ZoneOffset.UTC)).update();
  }

  private static Used used(ResultSet row, int number) throws SQLException {
    return new Used(row.getString("fingerprint"), row.getLong("order_id"), row.getObject("created_at", OffsetDateTime.class).toInstant());
  }
}
