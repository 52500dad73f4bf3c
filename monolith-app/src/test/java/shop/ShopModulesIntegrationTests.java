package shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.core.ApplicationModule;
import org.springframework.modulith.core.ApplicationModules;

/** What a process has that was told which modules to run, and what it has not. */
@ExtendWith(OutputCaptureExtension.class)
class ShopModulesIntegrationTests {

  @Test
  void inventoryAloneHasADatabaseOfItsOwn() {
    try (var shop = start("inventory")) {
      var api = new Api(port(shop));
      assertThat(api.get("/inventory/products").body().size()).isZero();
      assertThat(api.post("/inventory/products", "{'sku': 'A', 'name': 'A', 'price': 1, 'stock': 3}").status()).isEqualTo(201);
      assertThat(api.put("/inventory/reservations/1", "{'lines': [{'sku': 'A', 'quantity': 2}]}").status()).isEqualTo(200);
      assertThat(api.get("/inventory/products/A").body().path("stock").asInt()).isEqualTo(1);
      assertThat(List.of(api.get("/users").status(), api.get("/orders").status(), api.get("/payments").status())).containsOnly(404);
      assertThat(new Api(port(shop), "/actuator").get("/health").text("status")).isEqualTo("UP");
      assertThat(schemas(shop)).contains("inventory").doesNotContain("users", "orders", "payments");
    }
  }

  @Test
  void ordersCallTheUsersAndTheInventoryThatRunElsewhere() {
    try (var service = new ServiceStub();
        var shop = start("orders,payments", "--shop.users.service.url=" + service.url(), "--shop.inventory.service.url=" + service.url(), "--shop.inbox.every=1h")) {
      service.willAnswer(404, "{'status': 404}");
      assertThat(new Api(port(shop)).post("/orders", "{'customerId': 7, 'items': [{'sku': 'A', 'quantity': 2}]}").text("detail"))
          .isEqualTo("There is no user 7.");
      assertThat(service.requests()).containsExactly("GET /api/v2/users/7");
      assertThat(schemas(shop)).contains("orders", "payments").doesNotContain("users", "inventory");
      assertThat(new Api(port(shop)).get("/inventory/products").status()).isEqualTo(404);
    }
  }

  /** As after the inventory's extraction is complete: its tables are another's, and so is its interface. */
  @Test
  void allButTheInventoryRunOnADatabaseThatAllHaveRunOn() {
    var database = UUID.randomUUID();
    startOn(database, "users,inventory,payments,orders,reporting").close();
    try (var shop = startOn(database, "users,payments,orders,reporting", "--shop.inventory.service.url=http://127.0.0.1:1")) {
      assertThat(new Api(port(shop), "/actuator").get("/health").text("status")).isEqualTo("UP");
      assertThat(new Api(port(shop)).get("/inventory/products").status()).isEqualTo(404);
    }
    try (var shop = startOn(database, "inventory")) {
      assertThat(new Api(port(shop)).get("/inventory/products").body().size()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      inventroy, users | shop.modules names 'inventroy', which is no module of the shop. | Name some of inventory, orders,
      problems         | shop.modules names 'problems', which is no module of the shop.  | Name some of inventory, orders,
      orders           | shop.modules names 'orders', which calls 'payments' in its own  | Add payments to shop.modules.
      """)
  void refusesAtStartWhatItCannotRun(String modules, String message, String remedy, CapturedOutput output) {
    ThrowingCallable starting = () -> start(modules).close();
    assertThatThrownBy(starting).hasStackTraceContaining(message);
    assertThat(output.getAll()).contains("APPLICATION FAILED TO START", message, remedy).doesNotContain("\tat ");
  }

  @Test
  void knowsAllModulesThatHaveASchemaAndWhomTheyCall() {
    var technical = Set.of("problems", "sql", "outbox", "inbox", "versions", "telemetry", "copies", "http", "owner");
    var modules = ApplicationModules.of(Shop.class);
    var withSchema = modules.stream().filter(module -> !technical.contains(name(module))).toList();
    assertThat(withSchema).map(ShopModulesIntegrationTests::name).containsExactlyInAnyOrderElementsOf(ShopModules.all());
    assertThat(withSchema).allSatisfy(module -> assertThat(module.getDirectDependencies(modules).stream()
        .map(dependency -> name(dependency.getTargetModule())).filter(name -> !technical.contains(name)).collect(Collectors.toSet()))
        .isEqualTo(ShopModules.calledBy(name(module))));
  }

  private static String name(ApplicationModule module) {
    return module.getIdentifier().toString();
  }

  private static ConfigurableApplicationContext start(String modules, String... more) {
    return startOn(UUID.randomUUID(), modules, more);
  }

  private static ConfigurableApplicationContext startOn(UUID database, String modules, String... more) {
    var arguments = new ArrayList<>(List.of("--shop.modules=" + modules, "--server.port=0", "--server.address=127.0.0.1",
        "--spring.datasource.url=jdbc:h2:mem:%s;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1".formatted(database)));
    arguments.addAll(List.of(more));
    return SpringApplication.run(Shop.class, arguments.toArray(String[]::new));
  }

  private static int port(ConfigurableApplicationContext shop) {
    return shop.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  private static List<String> schemas(ConfigurableApplicationContext shop) {
    return shop.getBean(JdbcClient.class).sql("select schema_name from information_schema.schemata").query(String.class).list();
  }
}
