package shop.orders;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import shop.users.NameCopy.Kept;
import shop.users.User;
import shop.users.UserId;

/** Table {@code orders.customer}: the copy of the customers' names. */
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
    // Renamed in either case: orders may be there of a customer whose copy was lost.
    if (insert(user, name, revision) > 0 || update(user, name, revision) > 0) {
      rename(user, name);
    }
  }

  /**
   * Keeps a customer's name as it is until the end of the transaction: whoever changes it then finds the order that the
   * transaction places, and renames that, too.
   */
  void lock(UserId user) {
    jdbc.sql("select user_id from orders.customer where user_id = :user for update")
        .param("user", user.value()).query(Long.class).single();
  }

  /** Returns the copies behind a user, in the order of users; of those, too, who have orders and no copy. */
  List<Kept> page(UserId after, int limit) {
    return jdbc.sql("""
            select i.id, c.revision, case when not exists (
                select * from orders.orders o where o.customer_id = i.id and o.customer_name <> c.name) then c.name end as name
            from (
              select id from (
                (select distinct customer_id as id from orders.orders where customer_id > :after order by 1 limit :limit)
                union (select user_id as id from orders.customer where user_id > :after order by 1 limit :limit)) b
              order by id limit :limit) i
            left join orders.customer c on c.user_id = i.id
            order by i.id""")
        .param("after", after.value()).param("limit", limit).query(CustomerTable::kept).list();
  }

  /** Replaces a copy by what the owner has, if it still has the version that it was compared with. */
  boolean correct(Kept kept, User user) {
    int corrected = kept.version() < 0 ? insert(user.id(), user.name(), user.revision()) : jdbc.sql("""
            update orders.customer set name = :name, revision = :revision where user_id = :user and revision = :expected""")
        .param("user", user.id().value()).param("name", user.name()).param("revision", user.revision()).param("expected", kept.version())
        .update();
    if (corrected > 0) {
      rename(user.id(), user.name());
    }
    return corrected > 0;
  }

  private static Kept kept(ResultSet row, int number) throws SQLException {
    long revision = row.getLong("revision");
    boolean missing = row.wasNull();
    return new Kept(new UserId(row.getLong("id")), row.getString("name"), missing ? -1 : revision);
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
