package shop.orders;

import java.sql.Connection;
import java.sql.SQLException;

public class Report {

  void rename(Connection connection, String table) throws SQLException {
    String account = "public" + "." + "account";
    connection.createStatement().execute("update " + account + " set name = 'x'");
    connection.createStatement().execute("delete from " + table);
  }
}
