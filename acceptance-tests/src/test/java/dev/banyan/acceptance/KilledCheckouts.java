package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.demo.stage.Stage;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * One order at each step of its checkout, in front of the step's effect and behind it, none of which goes on. The gates
 * are triggers that wait for a lock of the test's; an order stops where its product says.
 */
final class KilledCheckouts implements AutoCloseable {

  private static final int LOCK = 4711;

  /** Where a checkout stands still; {@code given} is what it orders of a product of which there is one piece. */
  record Cell(String table, String status, int given) {

    String sku(String prefix) {
      return "%s:%s:%s:%d".formatted(prefix, table.substring(table.indexOf('.') + 1), status, given);
    }
  }

  /** The steps whose effects are in the monolith, wherever other modules are. */
  static final List<Cell> OF_MONOLITH = List.of(
      new Cell("payments.payment", "AUTHORIZED", 1), new Cell("orders.checkout", "AUTHORIZED", 1),
      new Cell("orders.checkout", "RESERVED", 1), new Cell("orders.checkout", "CONFIRMED", 1),
      new Cell("payments.payment", "CAPTURED", 1), new Cell("orders.checkout", "COMPLETED", 1),
      new Cell("orders.checkout", "RELEASING", 2), new Cell("orders.checkout", "VOIDING", 2),
      new Cell("payments.payment", "VOIDED", 2), new Cell("orders.checkout", "REJECTED", 2));

  /** All steps, where the inventory is in the monolith too. */
  static final List<Cell> ALL = Stream.concat(OF_MONOLITH.stream(),
      Stream.of(new Cell("inventory.reservation", "RESERVED", 1), new Cell("inventory.reservation", "RELEASED", 2))).toList();

  private final List<Cell> cells;
  private final String prefix;
  private final Http http;
  private final Connection gates;
  private final ExecutorService customers = Executors.newCachedThreadPool();

  /** Offers a product for each cell; {@code prefix} tells them from those of others. */
  KilledCheckouts(Stage stage, Http http, String prefix, List<Cell> cells) throws SQLException, IOException, InterruptedException {
    this.cells = cells;
    this.prefix = prefix;
    this.http = http;
    this.gates = stage.monolithServer().connect("shop");
    for (Cell cell : cells) {
      assertThat(http.post("/api/v1/inventory/products", "{\"sku\": \"%s\", \"name\": \"x\", \"price\": 2, \"stock\": 1}".formatted(cell.sku(prefix))).status())
          .isEqualTo(201);
    }
  }

  /** Places the orders, and returns when each stands where it is to be killed. */
  void standStill(long customer) throws SQLException {
    closeGates();
    cells.forEach(cell -> customers.execute(() -> placeBeside(customer, cell)));
    await("an order at each step").atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50)).until(() -> waiting() == cells.size());
  }

  private void closeGates() throws SQLException {
    List<String> statements = new ArrayList<>(List.of("create schema gates", """
        create function gates.wait() returns trigger language plpgsql security definer as $$
        begin
          perform pg_advisory_xact_lock_shared(LOCK, hashtext(l.sku)) from orders.order_line l where l.order_id = new.order_id
            and l.sku like 'PREFIX:' || tg_table_name || ':' || coalesce(to_jsonb(new)->>'state', to_jsonb(new)->>'status') || ':%';
          return new;
        end $$""".replace("LOCK", Integer.toString(LOCK)).replace("PREFIX", prefix), "grant usage on schema gates to public"));
    cells.forEach(cell -> statements.add("select pg_advisory_lock(%d, hashtext('%s'))".formatted(LOCK, cell.sku(prefix))));
    cells.stream().map(Cell::table).distinct().forEach(table ->
        statements.add("create trigger gate before insert or update on %s for each row execute function gates.wait()".formatted(table)));
    execute(statements);
  }

  private long waiting() throws SQLException {
    try (Statement statement = gates.createStatement();
        ResultSet row = statement.executeQuery("select count(distinct objid) from pg_locks where locktype = 'advisory' and classid = %d and not granted".formatted(LOCK))) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Lets everybody pass, for good. */
  void letGo() throws SQLException {
    execute(List.of("select pg_advisory_unlock_all()", "drop schema gates cascade"));
  }

  private void execute(List<String> statements) throws SQLException {
    try (Statement statement = gates.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** No customer has got an answer; each sends the order again, with the key that it had, and learns what became of it. */
  void expectOneOrderEach(long customer) throws IOException, InterruptedException {
    for (Cell cell : cells) {
      assertThat(place(customer, cell).status()).as(cell.toString()).isEqualTo(cell.given() == 1 ? 201 : 409);
    }
  }

  private void placeBeside(long customer, Cell cell) {
    try {
      place(customer, cell);
    } catch (IOException e) {
      // The shop is killed before it answers.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Http.Answer place(long customer, Cell cell) throws IOException, InterruptedException {
    return http.send("POST", "/api/v1/orders",
        "{\"customerId\": %d, \"items\": [{\"sku\": \"%s\", \"quantity\": %d}]}".formatted(customer, cell.sku(prefix), cell.given()),
        "Idempotency-Key", "\"%s\"".formatted(cell.sku(prefix)));
  }

  @Override
  public void close() throws SQLException {
    customers.shutdownNow();
    gates.close();
  }
}
