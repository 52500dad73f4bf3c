package shop.reporting;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import shop.users.NameCopy.Kept;
import shop.users.User;
import shop.users.UserId;

/** The names in table {@code reporting.customer}, of the generation that is in force. */
@Repository
class ReportedNameTable {

  private final JdbcClient jdbc;

  ReportedNameTable(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Returns the names behind a user, in the order of users; the version is -1 where only orders have told of the customer. */
  List<Kept> page(UserId after, int limit) {
    return jdbc.sql("""
            select customer_id, name, version from reporting.customer
            where generation = (select generation from reporting.read_model) and customer_id > :after
            order by customer_id limit :limit""")
        .param("after", after.value()).param("limit", limit).query(ReportedNameTable::kept).list();
  }

  /** Replaces a name by what the owner has, if it is still as it was compared. */
  boolean correct(int generation, Kept found, User user) {
    return jdbc.sql("""
            update reporting.customer set name = :name, version = :version
            where generation = :generation and customer_id = :user and version = :foundVersion and name = :foundName""")
        .param("name", user.name()).param("version", user.revision()).param("generation", generation).param("user", user.id().value())
        .param("foundVersion", found.version()).param("foundName", found.name()).update() > 0;
  }

  private static Kept kept(ResultSet row, int number) throws SQLException {
    return new Kept(new UserId(row.getLong("customer_id")), row.getString("name"), row.getLong("version"));
  }
}
