package shop.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import shop.TestPostgres;

/** An outbox of a hundred events, and what is left of it. */
class CleanerIntegrationTests {

  private final DriverManagerDataSource database = new DriverManagerDataSource(TestPostgres.newDatabase(), "postgres", "");
  private final JdbcClient jdbc = JdbcClient.create(database);

  @BeforeEach
  void fill() {
    jdbc.sql("create schema orders").update();
    new ResourceDatabasePopulator(new ClassPathResource("db/migration-postgresql/orders/V2__outbox.sql")).execute(database);
    jdbc.sql("insert into orders.outbox (type, aggregate, version, payload) select 'OrderConfirmed', i::text, 0, '{}' from generate_series(1, 100) i")
        .update();
  }

  @Test
  void keepsNoMoreThanAllowedOfWhatEverybodyHasRead() {
    clean(30, 1_000);
    assertThat(left()).isEqualTo(30);
  }

  @Test
  void keepsMoreThanThatForAReaderWhoIsBehind() {
    readTo(40);
    clean(30, 1_000);
    assertThat(left()).isEqualTo(60);
  }

  @Test
  void keepsNoMoreThanAllowedAtAll() {
    readTo(0);
    clean(30, 80);
    assertThat(left()).isEqualTo(80);
  }

  private void readTo(long position) {
    jdbc.sql("""
        insert into orders.outbox_reader (name, txid, position, read_at)
        select 'slow', max(txid), :position, now() from orders.outbox""").param("position", position).update();
  }

  private void clean(long most, long mostUnread) {
    var settings = new OutboxSettings(Duration.ofDays(7), most, mostUnread, Duration.ofDays(30), Map.of());
    new Cleaner("orders", jdbc, settings, new Readers("orders", jdbc, Set.of("slow"), Clock.systemUTC()), Clock.systemUTC()).clean();
  }

  private int left() {
    return jdbc.sql("select count(*) from orders.outbox").query(Integer.class).single();
  }
}
