package shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.banyan.rules.RoleScript;
import dev.banyan.rules.SchemaOwnership;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The roles that {@code banyan roles} prints, on the shop's own schemas: each module does its work, and nobody else's. */
class ModuleRolesIntegrationTests {

  /** Without the user that it names. */
  private static final String URL = TestPostgres.newDatabase().replaceAll("\\?.*", "");
  private static final List<String> MODULES = List.of("users", "orders", "payments", "inventory", "reporting");

  @BeforeAll
  static void migrate() throws SQLException {
    // Flyway needs more than a module does; it runs once, as the owner of the schemas.
    start("postgres", String.join(",", MODULES), "--shop.inbox.every=1h").close();
    try (var connection = DriverManager.getConnection(URL, "postgres", ""); var statement = connection.createStatement()) {
      statement.execute(RoleScript.of(SchemaOwnership.load("schema-ownership.yml")));
      for (var module : MODULES) {
        statement.execute("create role %s_app login in role %s".formatted(module, module));
        statement.execute("create schema of_%s authorization %s_app".formatted(module, module));
      }
      statement.execute("create role rest_app login in role orders, payments, reporting");
    }
  }

  static Stream<List<String>> pairs() {
    return MODULES.stream().flatMap(module -> MODULES.stream().filter(other -> !other.equals(module)).map(other -> List.of(module, other)));
  }

  /** Whatever stands in the other's schema, outbox and inbox included. */
  @ParameterizedTest
  @MethodSource("pairs")
  void touchesNothingOfAnother(List<String> pair) throws SQLException {
    try (var connection = DriverManager.getConnection(URL, pair.get(0) + "_app", ""); var statement = connection.createStatement()) {
      var relations = relations(pair.get(1));
      assertThat(relations).hasSizeGreaterThan(3);
      for (var relation : relations) {
        for (var sql : attempts(relation, pair.get(0))) {
          expectRefused(statement, sql);
        }
      }
      expectRefused(statement, "create table %s.mine (id bigint)".formatted(pair.get(1)));
    }
  }

  private static List<String> attempts(String relation, String module) {
    return List.of("select * from " + relation, "select count(*) from " + relation, "insert into %s default values".formatted(relation),
        "delete from " + relation, "truncate " + relation,
        "create table of_%s.mine (like %s)".formatted(module, relation),
        "create table of_%s.mine (id bigint references %s)".formatted(module, relation),
        "create view of_%s.mine as select * from %s".formatted(module, relation));
  }

  private static void expectRefused(Statement statement, String sql) {
    assertThatThrownBy(() -> statement.execute(sql), sql).isInstanceOfSatisfying(SQLException.class,
        e -> assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("42501"));
  }

  private static List<String> relations(String schema) throws SQLException {
    try (var connection = DriverManager.getConnection(URL, "postgres", ""); var statement = connection.createStatement();
        var row = statement.executeQuery("select oid::regclass::text from pg_class where relkind in ('r', 'v', 'p') and relnamespace = '%s'::regnamespace"
            .formatted(schema))) {
      var relations = new ArrayList<String>();
      while (row.next()) {
        relations.add(row.getString(1));
      }
      return relations;
    }
  }

  @Test
  void usersWorkWithTheirRoleAlone() {
    try (var shop = start("users_app", "users")) {
      long ada = api(shop).post("/users", "{'email': 'ada@example.org', 'name': 'Ada'}").body().path("id").asLong();
      assertThat(api(shop).put("/users/" + ada, "{'name': 'Ada K'}").status()).isEqualTo(200);
      assertThat(api(shop).post("/users/%d/addresses".formatted(ada), "{'line1': 'a', 'city': 'b', 'country': 'DE'}").status()).isEqualTo(201);
      assertThat(api(shop).get("/users/events?reader=orders.customers").body().path("events").size()).isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void inventoryWorksWithItsRoleAlone() {
    try (var shop = start("inventory_app", "inventory")) {
      assertThat(api(shop).put("/inventory/reservations/1000", "{'lines': [{'sku': 'FIG-1', 'quantity': 2}]}").status()).isEqualTo(200);
      assertThat(api(shop).delete("/inventory/reservations/1000").status()).isEqualTo(200);
    }
  }

  /** These three call each other in one process, whose role is therefore given all three; users and inventory are asked over HTTP. */
  @Test
  void theOthersWorkWithTheirRolesAlone() {
    try (var users = start("users_app", "users"); var inventory = start("inventory_app", "inventory");
        var shop = start("rest_app", "orders,payments,reporting", "--shop.users.service.url=" + url(users), "--shop.inventory.service.url=" + url(inventory))) {
      long ada = api(users).post("/users", "{'email': 'a@example.org', 'name': 'Ada'}").body().path("id").asLong();
      var order = api(shop).post("/orders", "{'customerId': %d, 'items': [{'sku': 'FIG-1', 'quantity': 1}]}".formatted(ada));
      assertThat(order.text("status")).as(order.body().toString()).isEqualTo("CONFIRMED");
      await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
          api(shop).get("/reporting/customers/" + ada).body().path("rows").path(0).path("orders").asInt()).isEqualTo(1));
      assertThat(api(shop).post("/reporting/rebuild", "").status()).isEqualTo(200);
    }
  }

  private static ConfigurableApplicationContext start(String role, String modules, String... more) {
    var arguments = new ArrayList<>(List.of("--shop.modules=" + modules, "--server.port=0", "--server.address=127.0.0.1",
        "--spring.datasource.url=" + URL, "--spring.datasource.username=" + role, "--spring.datasource.password=",
        "--spring.datasource.hikari.maximum-pool-size=6"));
    if (!role.equals("postgres")) {
      arguments.add("--spring.flyway.enabled=false");
    }
    arguments.addAll(List.of(more));
    return SpringApplication.run(Shop.class, arguments.toArray(String[]::new));
  }

  private static Api api(ConfigurableApplicationContext shop) {
    return new Api(port(shop));
  }

  private static String url(ConfigurableApplicationContext shop) {
    return "http://127.0.0.1:" + port(shop);
  }

  private static int port(ConfigurableApplicationContext shop) {
    return shop.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }
}
