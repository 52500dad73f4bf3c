package shop.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import shop.Api;
import shop.ServiceStub;
import shop.TestPostgres;
import shop.owner.OwnedModule;
import shop.problems.Problem;

/** A real fence around the inventory, in the process that is being left and in the one that is being moved to. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = {
    "server.address=127.0.0.1", "shop.modules=inventory", "shop.inventory.service.owner-max-age=1h"})
class InventoryFenceIntegrationTests {

  private static final ServiceStub SERVICE = new ServiceStub();
  private static final String RESERVED = "{'orderId': 7, 'status': 'RESERVED', 'lines': [{'sku': 'A', 'quantity': 2}]}";
  private static final String PRODUCT = "{'sku': 'NEW', 'name': 'New', 'price': 1.00, 'stock': 9, 'revision': 0}";

  @LocalServerPort int port;
  @Autowired DataSource database;
  @Autowired Inventory inventory;
  @Autowired OwnedModule<Products> owner;

  private JdbcTemplate jdbc;
  private Api api;

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry properties) {
    TestPostgres.newDatabase(properties);
  }

  @AfterAll
  static void close() {
    SERVICE.close();
  }

  @BeforeEach
  void installBanyan() {
    jdbc = new JdbcTemplate(database);
    api = new Api(port);
    SERVICE.reset();
    jdbc.execute("drop schema if exists banyan cascade");
    install("side");
    owner.refresh();
    api.post("/inventory/products", "{'sku': 'A', 'name': 'A', 'price': 1, 'stock': 9}");
    jdbc.execute("""
        create trigger fence before insert or update or delete on inventory.reservation
        for each statement execute function banyan.refuse_write('inventory', 'service')""");
  }

  @Test
  void sendsAReservationThatTheFenceRefusedToTheNewOwnerOnce() {
    switchToTheService();
    SERVICE.willAnswer(200, RESERVED);
    assertThat(inventory.reserve(7, List.of(new Reservation.Line(new Sku("A"), 2))).status()).isEqualTo(Reservation.Status.RESERVED);
    assertThat(SERVICE.requests()).containsExactly("PUT /api/v1/inventory/reservations/7");
    assertThat(jdbc.queryForObject("select count(*) from inventory.reservation", Long.class)).isZero();
  }

  /** Money is taken and given back on this word. */
  @Test
  void takesNoOtherReservationForTheOneThatItHasAskedFor() {
    switchToTheService();
    for (var told : List.of(RESERVED.replace("7", "8"), RESERVED.replace("RESERVED", "RELEASED"), RESERVED.replace("2", "1"), RESERVED.replace("'A'", "'B'"))) {
      SERVICE.willAnswer(200, told);
      expectBadGateway(() -> inventory.reserve(7, List.of(new Reservation.Line(new Sku("A"), 2))));
    }
    SERVICE.willAnswer(200, RESERVED).willAnswer(200, RESERVED.replace("7", "8").replace("RESERVED", "RELEASED"));
    expectBadGateway(() -> inventory.release(7));
    expectBadGateway(() -> inventory.release(7));
  }

  @Test
  void takesNoOtherProductForTheOneThatItHasAskedFor() {
    switchToTheService();
    owner.refresh();
    SERVICE.willAnswerAlways(200, PRODUCT);
    assertThat(api.get("/inventory/products/B").status()).isEqualTo(502);
    assertThat(api.put("/inventory/products/B/stock", "{'stock': 9}").status()).isEqualTo(502);
  }

  private static void expectBadGateway(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.getStatusCode().value()).isEqualTo(502));
  }

  @Test
  void tellsTheServiceWhichVersionsAreMeant() {
    switchToTheService();
    owner.refresh();
    SERVICE.willAnswer(412, "{'status': 412, 'detail': 'changed since'}").willAnswer(200, PRODUCT);
    assertThat(api.put("/inventory/products/NEW/stock", "{'stock': 9}", "\"3\",\"5\"").text("detail")).isEqualTo("changed since");
    assertThat(api.put("/inventory/products/NEW/stock", "{'stock': 9}", "*").status()).isEqualTo(200);
    assertThat(SERVICE.preconditions()).containsExactly("\"3\", \"5\"");
  }

  /** The record is on its old word, and the product came to the new owner a moment ago. */
  @Test
  void findsAProductThatIsAtTheNewOwnerOnly() {
    switchToTheService();
    SERVICE.willAnswer(200, PRODUCT);
    assertThat(api.get("/inventory/products/NEW").text("name")).isEqualTo("New");
    assertThat(SERVICE.requests()).containsExactly("GET /api/v1/inventory/products/NEW");
  }

  @Test
  void sellsAProductThatIsAtTheNewOwnerOnly() {
    switchToTheService();
    SERVICE.willAnswer(200, "[%s]".formatted(PRODUCT));
    assertThat(inventory.products(List.of(new Sku("NEW")))).extracting(Product::name).containsExactly("New");
  }

  @Test
  void leavesOutAProductThatNobodyHas() {
    assertThat(inventory.products(List.of(new Sku("A"), new Sku("NONE"), new Sku("A")))).extracting(Product::sku).containsExactly(new Sku("A"));
    assertThat(SERVICE.requests()).isEmpty();
  }

  /** Whoever asked has the owner record, and waits; a wait here as well would outlast its patience. */
  @Test
  void tellsOfTheFenceAtOnceWhereThereIsNoOwnerRecord() {
    var answer = api.put("/inventory/reservations/8", "{'lines': [{'sku': 'A', 'quantity': 2}]}");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.text("type")).isEqualTo("urn:banyan:fenced");
    assertThat(api.get("/inventory/products/A").body().path("stock").asInt()).isEqualTo(9);
  }

  private void switchToTheService() {
    install("plane");
    jdbc.update("""
        insert into banyan.extraction (module, phase, owner, epoch, service_url, max_hold_ms)
        values ('inventory', 'WRITES_SWITCHED', 'SERVICE', 2, ?, 2000)""", SERVICE.url());
  }

  private void install(String part) {
    Flyway.configure().dataSource(database).schemas("banyan").table("history_of_" + part)
        .locations("classpath:dev/banyan/control/" + part)
        .baselineOnMigrate(true).baselineVersion("0").load().migrate();
  }
}
