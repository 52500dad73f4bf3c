package dev.banyan.move.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.zaxxer.hikari.HikariDataSource;
import dev.banyan.move.Relay;
import dev.banyan.move.TwoServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
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

  @Test
  void connectsNoMoreOnceItIsClosed() {
    Database database = new Database(address);
    database.close();
    assertThatThrownBy(database::connect).isInstanceOf(SQLException.class).hasMessageContaining("is closed already");
    assertThatThrownBy(database::connectForReplication).isInstanceOf(SQLException.class).hasMessageContaining("is closed already");
  }

  /** Somebody changes it while the mover runs: what the role is shown no more is not gone. */
  @Tag("thorough")
  @Test
  void keepsWhatItsRoleIsNotShown() throws Exception {
    try (Database admin = new Database(address)) {
      admin.jdbi().useHandle(handle -> handle.createScript("""
          drop role if exists hidden_one; drop role if exists hiding_one;
          create role hiding_one; create role hidden_one login password 'hidden_one' in role hiding_one;
          """).execute());
      DatabaseAddress hidden = new DatabaseAddress(address.url(), "hidden_one", "hidden_one");
      try (Database database = new Database(hidden); Connection own = database.connect()) {
        admin.jdbi().useHandle(handle -> handle.execute("alter role hidden_one set role = hiding_one"));
        try (var statement = own.createStatement()) {
          statement.execute("select pg_sleep(15)");
        }
        assertThat(own.isValid(5)).isTrue();
      }
    }
  }

  /** Whoever asks whether a connection is lost does so over none that may be lost as well. */
  @Test
  void noticesALostConnectionWhereAllOfThePoolAreLost() throws Exception {
    List<Connection> pooled = new ArrayList<>();
    try (Relay relay = Relay.to(port()); Database database = new Database(through(relay)); Connection own = database.connect();
        Statement statement = own.createStatement()) {
      database.hurry(Duration.ofSeconds(2));
      for (int i = 0; i < database.dataSource().unwrap(HikariDataSource.class).getMaximumPoolSize(); i++) {
        pooled.add(database.dataSource().getConnection());
      }
      relay.lose();
      assertTimeoutPreemptively(Duration.ofSeconds(30), () -> assertThatThrownBy(() -> statement.execute("select 1"))
          .isInstanceOf(SQLException.class).rootCause().hasMessageContaining("the server waits as well"));
    }
  }

  @Test
  void givesUpAServerThatCannotBeAskedEither() throws Exception {
    try (Relay relay = Relay.to(port()); Database database = new Database(through(relay)); Connection own = database.connect();
        Statement statement = own.createStatement()) {
      database.hurry(Duration.ofSeconds(2));
      relay.fallSilent();
      assertTimeoutPreemptively(Duration.ofSeconds(60), () -> assertThatThrownBy(() -> statement.execute("select 1"))
          .isInstanceOf(SQLException.class).rootCause().hasMessageContaining("does not answer any more"));
    }
  }

  /** It answers, and what it is busy with may take as long as it takes. */
  @Test
  void keepsWhatItsServerHasNoMoreConnectionsToBeAskedOver() throws Exception {
    try (Database admin = new Database(address)) {
      admin.jdbi().useHandle(handle -> handle.createScript("""
          drop role if exists only_one; create role only_one login password 'only_one' connection limit 1;
          """).execute());
      try (Database database = new Database(new DatabaseAddress(address.url(), "only_one", "only_one")); Connection own = database.connect()) {
        database.hurry(Duration.ofSeconds(2));
        try (var statement = own.createStatement()) {
          statement.execute("select pg_sleep(4)");
        }
        assertThat(own.isValid(5)).isTrue();
      }
    }
  }

  private int port() {
    return Integer.parseInt(address.url().replaceFirst(".*:(\\d+)/.*", "$1"));
  }

  private DatabaseAddress through(Relay relay) {
    return new DatabaseAddress(address.url().replace(":%d/".formatted(port()), ":%d/".formatted(relay.port())), address.user(), address.password());
  }

  @Test
  void leavesNoThreadBehind() throws Exception {
    long before = watches();
    try (Database database = new Database(address); Connection own = database.connect()) {
      assertThat(own.isValid(5)).isTrue();
      assertThat(watches()).isGreaterThan(before);
    }
    await("its thread to end").atMost(Duration.ofSeconds(10)).until(() -> watches() <= before);
  }

  private static long watches() {
    return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("banyan-answers")).count();
  }
}
