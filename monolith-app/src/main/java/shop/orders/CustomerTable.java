package shop.orders;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import shop.users.UserId;

/** Tables {@code orders.customer} and {@code orders.feed_cursor}: the copy of the customers' names. */
@Repository
class CustomerTable {

  private final JdbcClient jdbc;

  CustomerTable(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Notes a customer's name, unless a later revision is known. In whatever order names are noted, and however often,
   * the latest stays: the revision decides, and a customer who is not known yet is taken in.
   */
  void note(UserId user, String name, long revision) {
    if (insert(user, name, revision) == 0 && update(user, name, revision) > 0) {
      rename(user, name);
    }
  }

  Optional<String> cursor(String source) {
    return jdbc.sql("select cursor from orders.feed_cursor where source = :source")
        .param("source", source).query(String.class).optional();
  }

  /** Moves a cursor, and tells whether it still stood where it was expected. */
  boolean moveCursor(String source, String from, String to) {
    jdbc.sql("insert into orders.feed_cursor (source, cursor) values (:source, :from) on conflict do nothing")
        .param("source", source).param("from", from).update();
    return jdbc.sql("update orders.feed_cursor set cursor = :to where source = :source and cursor = :from")
        .param("source", source).param("from", from).param("to", to).update() > 0;
  }

  private int insert(UserId user, String name, long revision) {
    return jdbc.sql("""
            insert into orders.customer (user_id, name, revision) values (:user, :name, :revision)
            on conflict do nothing""")
        .param("user", user.value()).param("name", name).param("revision", revision).update();
  }

  private int update(UserId user, String name, long revision) {
    return jdbc.sql("""
            update orders.customer set name = :name, revision = :revision
            where user_id = :user and revision < :revision""")
        .param("user", user.value()).param("name", name).param("revision", revision).update();
  }

  private void rename(UserId user, String name) {
    jdbc.sql("update orders.orders set customer_name = :name where customer_id = :user and customer_name <> :name")
        .param("user", user.value()).param("name", name).update();
  }
}
