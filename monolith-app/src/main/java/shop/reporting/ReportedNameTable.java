package shop.reporting;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import shop.users.UserId;

/** The names in table {@code reporting.customer}, of the generation that is in force. */
@Repository
class ReportedNameTable {

  private final JdbcClient jdbc;

  ReportedNameTable(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * A name as reports show it.
   *
   * @param version the user's revision that it is of, -1 where only orders have told of the customer
   */
  record Name(UserId user, String name, long version) {}

  /** Returns the names behind a user, in the order of users. */
  List<Name> page(UserId after, int limit) {
    return jdbc.sql("""
            select customer_id, name, version from reporting.customer
            where generation = (select generation from reporting.read_model) and customer_id > :after
            order by customer_id limit :limit""")
        .param("after", after.value()).param("limit", limit).query(ReportedNameTable::name).list();
  }

  /** Replaces a name by what the owner has, if it is still as it was compared. */
  boolean correct(int generation, Name found, String name, long version) {
    return jdbc.sql("""
            update reporting.customer set name = :name, version = :version
            where generation = :generation and customer_id = :user and version = :foundVersion and name = :foundName""")
        .param("name", name).param("version", version).param("generation", generation).param("user", found.user().value())
        .param("foundVersion", found.version()).param("foundName", found.name()).update() > 0;
  }

  private static Name name(ResultSet row, int number) throws SQLException {
    return new Name(new UserId(row.getLong("customer_id")), row.getString("name"), row.getLong("version"));
  }
}
