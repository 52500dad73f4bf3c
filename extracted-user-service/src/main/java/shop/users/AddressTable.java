package shop.users;

import static java.util.Objects.requireNonNull;

import java.sql.SQLException;
import java.util.List;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;
import shop.problems.Problem;

/** Table {@code users.address}. */
@Repository
class AddressTable {

  private final JdbcClient jdbc;

  AddressTable(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  List<Address> of(UserId user) {
    return jdbc.sql("""
            select id, line1, line2, zip, city, country from users.address
            where account_id = :user order by id""")
        .param("user", user.value())
        .query(Address.class).list();
  }

  Address insert(UserId user, NewAddress address) {
    var key = new GeneratedKeyHolder();
    try {
      parameters(jdbc.sql("""
          insert into users.address (account_id, line1, line2, zip, city, country)
          values (:user, :line1, :line2, :zip, :city, :country)"""), user, address).update(key, "id");
    } catch (DataIntegrityViolationException e) {
      // There is no such account; nothing else constrains an address that passed validation.
      throw isOfConstraint(e) ? Problem.notFound("There is no user %s.".formatted(user)) : e;
    }
    return address(requireNonNull(key.getKeyAs(Long.class)), address);
  }

  /** A text that cannot be stored is told by the same exception, and says nothing of the account. */
  private static boolean isOfConstraint(DataIntegrityViolationException e) {
    return NestedExceptionUtils.getMostSpecificCause(e) instanceof SQLException cause && String.valueOf(cause.getSQLState()).startsWith("23");
  }

  Address replace(UserId user, long id, NewAddress address) {
    int rows = parameters(jdbc.sql("""
        update users.address
        set line1 = :line1, line2 = :line2, zip = :zip, city = :city, country = :country
        where id = :id and account_id = :user"""), user, address).param("id", id).update();
    requireOne(rows, user, id);
    return address(id, address);
  }

  void delete(UserId user, long id) {
    int rows = jdbc.sql("delete from users.address where id = :id and account_id = :user")
        .param("id", id).param("user", user.value()).update();
    requireOne(rows, user, id);
  }

  private static StatementSpec parameters(StatementSpec statement, UserId user, NewAddress address) {
    return statement.param("user", user.value())
        .param("line1", address.line1()).param("line2", address.line2())
        .param("zip", address.zip()).param("city", address.city()).param("country", address.country());
  }

  private static Address address(long id, NewAddress a) {
    return new Address(id, a.line1(), a.line2(), a.zip(), a.city(), a.country());
  }

  private static void requireOne(int rows, UserId user, long id) {
    if (rows == 0) {
      throw Problem.notFound("User %s has no address %d.".formatted(user, id));
    }
  }
}
