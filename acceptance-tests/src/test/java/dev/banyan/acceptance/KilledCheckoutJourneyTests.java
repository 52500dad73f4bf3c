package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.demo.stage.ChildProcess;
import dev.banyan.demo.stage.Stage;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/**
 * The shop is killed while one order stands at each step of its checkout, in front of the step's effect and behind it;
 * started again, it brings each of them to its end. The gates are triggers that wait for a lock of the test's.
 */
class KilledCheckoutJourneyTests {

  private static final int LOCK = 4711;
  private static final Map<String, String> QUICKLY = Map.of("SHOP_ORDERS_CHECKOUT_LEASE", "1s", "SHOP_POOL_SIZE", "40");

  /** Where a checkout stands still; {@code given} is what it orders of a product of which there is one piece. */
  private record Cell(String table, String status, int given) {

    String sku() {
      return "%s:%s:%d".formatted(table.substring(table.indexOf('.') + 1), status, given);
    }
  }

  /** Each step in front of its effect, and behind it: there it is to be written down. */
  private static final List<Cell> CELLS = List.of(
      new Cell("payments.payment", "AUTHORIZED", 1), new Cell("orders.checkout", "AUTHORIZED", 1),
      new Cell("inventory.reservation", "RESERVED", 1), new Cell("orders.checkout", "RESERVED", 1),
      new Cell("orders.checkout", "CONFIRMED", 1),
      new Cell("payments.payment", "CAPTURED", 1), new Cell("orders.checkout", "COMPLETED", 1),
      new Cell("orders.checkout", "RELEASING", 2),
      new Cell("inventory.reservation", "RELEASED", 2), new Cell("orders.checkout", "VOIDING", 2),
      new Cell("payments.payment", "VOIDED", 2), new Cell("orders.checkout", "REJECTED", 2));

  @Test
  void bringsEveryCheckoutToItsEndAtWhicheverStepItWasKilled() throws Exception {
    ExecutorService customers = Executors.newCachedThreadPool();
    try (Stage stage = Stage.set()) {
      ChildProcess shop = stage.startMonolith(QUICKLY);
      stage.awaitMonolith();
      Http http = new Http(stage.monolithUrl());
      try (Connection gates = stage.monolithServer().connect("shop")) {
        long customer = http.post("/api/v1/users", "{\"email\": \"a@example.org\", \"name\": \"Ada\"}").body().path("id").asLong();
        offer(http);
        close(gates);
        CELLS.forEach(cell -> customers.execute(() -> order(http, customer, cell)));
        await("an order at each step").atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50))
            .until(() -> number(stage, "select count(distinct objid) from pg_locks where locktype = 'advisory' and not granted") == CELLS.size());
        shop.kill();
        open(gates);
      }
      stage.startMonolith(QUICKLY);
      stage.awaitMonolith();
      new ShopBooks(stage, ShopSetting.MONOLITH).expectRight();
      sendAgain(http, stage);
      assertThat(number(stage, "select count(*) from orders.orders where status = 'CONFIRMED'")).isEqualTo(CELLS.stream().filter(c -> c.given() == 1).count());
      assertThat(number(stage, "select count(*) from orders.orders where status = 'REJECTED'")).isEqualTo(CELLS.stream().filter(c -> c.given() == 2).count());
      assertThat(number(stage, "select count(*) from (select aggregate from orders.outbox group by 1 having count(*) <> 2) e")).isZero();
    } finally {
      customers.shutdownNow();
    }
  }

  /** No customer has got an answer; each sends the order again, with the key that it had. */
  private static void sendAgain(Http http, Stage stage) throws IOException, InterruptedException, SQLException {
    long customer = number(stage, "select max(customer_id) from orders.orders");
    for (Cell cell : CELLS) {
      assertThat(placed(http, customer, cell).status()).as(cell.sku()).isEqualTo(cell.given() == 1 ? 201 : 409);
    }
    assertThat(number(stage, "select count(*) from orders.orders")).isEqualTo(CELLS.size());
  }

  private static void offer(Http http) throws IOException, InterruptedException {
    for (Cell cell : CELLS) {
      assertThat(http.post("/api/v1/inventory/products", "{\"sku\": \"%s\", \"name\": \"x\", \"price\": 2, \"stock\": 1}".formatted(cell.sku())).status())
          .isEqualTo(201);
    }
  }

  /** An order stops where its product says. */
  private static void close(Connection gates) throws SQLException {
    List<String> statements = new ArrayList<>(List.of("create schema gates", """
        create function gates.wait() returns trigger language plpgsql security definer as $$
        begin
          perform pg_advisory_xact_lock_shared(LOCK, hashtext(l.sku)) from orders.order_line l where l.order_id = new.order_id
            and l.sku like tg_table_name || ':' || coalesce(to_jsonb(new)->>'state', to_jsonb(new)->>'status') || ':%';
          return new;
        end $$""".replace("LOCK", Integer.toString(LOCK)), "grant usage on schema gates to public"));
    CELLS.forEach(cell -> statements.add("select pg_advisory_lock(%d, hashtext('%s'))".formatted(LOCK, cell.sku())));
    for (String table : List.of("orders.checkout", "payments.payment", "inventory.reservation")) {
      statements.add("create trigger gate before insert or update on %s for each row execute function gates.wait()".formatted(table));
    }
    execute(gates, statements);
  }

  private static void open(Connection gates) throws SQLException {
    execute(gates, List.of("select pg_advisory_unlock_all()"));
  }

  private static void execute(Connection connection, List<String> statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static void order(Http http, long customer, Cell cell) {
    try {
      placed(http, customer, cell);
    } catch (IOException e) {
      // The shop is killed before it answers.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Http.Answer placed(Http http, long customer, Cell cell) throws IOException, InterruptedException {
    return http.send("POST", "/api/v1/orders",
        "{\"customerId\": %d, \"items\": [{\"sku\": \"%s\", \"quantity\": %d}]}".formatted(customer, cell.sku(), cell.given()),
        "Idempotency-Key", "\"%s\"".formatted(cell.sku()));
  }

  private static long number(Stage stage, String sql) throws SQLException {
    try (Connection connection = stage.monolithServer().connect("shop"); Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
