package shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The former registry of events goes when it is empty of what nobody else knows. */
class EventRegistryIntegrationTests {

  static Stream<Arguments> databases() {
    return Stream.of(
        Arguments.of("postgresql", new DriverManagerDataSource(TestPostgres.newDatabase(), "postgres", ""),
            "1 event(s) in events.event_publication are not delivered, and would be lost with the table; nothing was changed."),
        Arguments.of("h2", new DriverManagerDataSource(
            "jdbc:h2:mem:%s;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1".formatted(UUID.randomUUID()), "sa", ""),
            "undelivered_events_would_be_lost"));
  }

  @ParameterizedTest
  @MethodSource("databases")
  void keepsTheRegistryWhileAnEventInItIsNotDelivered(String vendor, DriverManagerDataSource database, String message) {
    var jdbc = JdbcClient.create(database);
    migration(vendor, database, "1").migrate();
    for (var id : Stream.of("delivered", "undelivered").toList()) {
      jdbc.sql("""
              insert into events.event_publication (id, listener_id, event_type, serialized_event, publication_date, completion_date)
              values (:id, 'l', 't', 'e', current_timestamp, case when :done then current_timestamp end)""")
          .param("id", UUID.randomUUID()).param("done", id.equals("delivered")).update();
    }
    assertThatThrownBy(() -> migration(vendor, database, "2").migrate()).isInstanceOf(FlywayException.class).hasMessageContaining(message);
    assertThat(jdbc.sql("select count(*) from events.event_publication").query(Integer.class).single()).isEqualTo(2);

    jdbc.sql("update events.event_publication set completion_date = current_timestamp").update();
    migration(vendor, database, "2").migrate();
    assertThat(jdbc.sql("select count(*) from information_schema.schemata where schema_name = 'events'").query(Integer.class).single()).isZero();
  }

  private static Flyway migration(String vendor, DriverManagerDataSource database, String target) {
    var flyway = Flyway.configure().dataSource(database).locations("classpath:db/migration-%s/__root".formatted(vendor)).target(target).load();
    if (vendor.equals("h2") && target.equals("2")) {
      // H2 has no transactions around definitions: what failed is noted, and repaired by hand.
      flyway.repair();
    }
    return flyway;
  }
}
