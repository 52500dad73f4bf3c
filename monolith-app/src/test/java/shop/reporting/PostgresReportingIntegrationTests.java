package shop.reporting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import shop.TestPostgres;

class PostgresReportingIntegrationTests extends ReportingContract {

  private static final long LATE = 4_711;

  @Autowired DataSource database;

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry properties) {
    TestPostgres.newDatabase(properties);
  }

  /** The rebuild has read the log to its end and stands in front of writing: what is applied now has to come along with the swap. */
  @Test
  void takesAlongWhatIsAppliedBetweenTheCatchUpAndTheSwap() throws SQLException {
    register("Ada");
    await().until(() -> jdbc.sql("select count(*) from reporting.event").query(Integer.class).single() > 0);
    CompletableFuture<Integer> rebuild;
    try (var gate = database.getConnection(); var statement = gate.createStatement()) {
      gate.setAutoCommit(false);
      statement.execute("lock table reporting.customer in share row exclusive mode");
      rebuild = CompletableFuture.supplyAsync(() -> api.post("/reporting/rebuild", "").status());
      await().until(() -> isWaitedFor(gate));
      statement.execute("""
          insert into reporting.event (event_id, type, aggregate, version, payload, at)
          values (gen_random_uuid(), 'UserRegistered', '%1$d', 0, '{"name": "Late"}', now());
          insert into reporting.customer (generation, customer_id, version, name) select generation, %1$d, 0, 'Late' from reporting.read_model"""
          .formatted(LATE));
      gate.commit();
    }
    assertThat(rebuild.join()).isEqualTo(200);
    assertThat(api.get("/reporting/customers/" + LATE).body().path("rows").path(0).path("name").asString("")).isEqualTo("Late");
  }

  private static boolean isWaitedFor(Connection gate) throws SQLException {
    try (var statement = gate.createStatement();
        var row = statement.executeQuery("select count(*) > 0 from pg_locks where relation = 'reporting.customer'::regclass and not granted")) {
      return row.next() && row.getBoolean(1);
    }
  }
}
