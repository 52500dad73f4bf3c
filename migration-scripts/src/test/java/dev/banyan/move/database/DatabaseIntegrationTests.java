package dev.banyan.move.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.move.TwoServers;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class DatabaseIntegrationTests {

  private final DatabaseAddress address = TwoServers.monolith("connections");

  private static String show(Connection connection, String setting) throws SQLException {
    try (var row = connection.createStatement().executeQuery("show " + setting)) {
      row.next();
      return row.getString(1);
    }
  }

  @Test
  void endsItsOwnConnectionsAndNobodyElses() throws Exception {
    try (Database database = new Database(address); Database other = new Database(address);
        Connection own = database.connect(); Connection replication = database.connectForReplication();
        Connection another = other.connect(); Connection pooled = database.dataSource().getConnection()) {
      database.endLeftOvers();
      assertThat(own.isValid(5)).isFalse();
      assertThat(replication.isValid(5)).isFalse();
      assertThat(another.isValid(5)).isTrue();
      assertThat(pooled.isValid(5)).isTrue();
    }
  }

  @Test
  void endsNoTransactionOfItsOwnWhateverTheDatabaseSays() throws Exception {
    try (Database database = new Database(address)) {
      database.jdbi().useHandle(handle -> handle.execute("alter database connections set transaction_timeout = '1s'"));
    }
    try (Database database = new Database(address); Connection own = database.connect();
        Connection pooled = database.dataSource().getConnection()) {
      assertThat(show(own, "transaction_timeout")).isEqualTo("0");
      assertThat(show(pooled, "transaction_timeout")).isEqualTo("0");
    }
  }
}
