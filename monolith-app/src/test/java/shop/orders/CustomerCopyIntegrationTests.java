package shop.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import shop.Api;
import shop.TestPostgres;
import shop.users.UserId;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = {"server.address=127.0.0.1", "shop.inbox.every=10ms"})
class CustomerCopyIntegrationTests {

  @LocalServerPort int port;
  @Autowired DataSource database;
  @Autowired JdbcClient jdbc;
  @Autowired CustomerNames names;
  @Autowired CustomerTable customers;
  Api api;

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry properties) {
    TestPostgres.newDatabase(properties);
  }

  @BeforeEach
  void connect() {
    api = new Api(port);
  }

  @Test
  void takesFromTheOwnerWhatWasDamaged() {
    long wrong = customer("Ada");
    long gone = customer("Bob");
    long inconsistent = customer("Cleo");
    jdbc.sql("update orders.customer set name = 'x' where user_id = :id").param("id", wrong).update();
    jdbc.sql("delete from orders.customer where user_id = :id").param("id", gone).update();
    jdbc.sql("update orders.orders set customer_name = 'x' where customer_id = :id").param("id", inconsistent).update();
    assertThat(api.post("/orders/customers/rebuild", "").body().path("corrected").asLong()).isEqualTo(3);
    assertThat(api.post("/orders/customers/rebuild", "").body().path("corrected").asLong()).isZero();
    assertEqual();
  }

  /** The owner was asked, then an update arrived: what the owner has said is old, and must not be written. */
  @Test
  void keepsAnUpdateThatArrivesWhileTheOwnerIsAsked() {
    long ada = customer("Ada");
    jdbc.sql("update orders.customer set name = 'x' where user_id = :id").param("id", ada).update();
    var stale = names.compareBehind(new UserId(ada - 1)).stale().get(0);
    api.put("/users/" + ada, "{'name': 'Ada K'}");
    await().untilAsserted(() -> assertThat(name(ada)).isEqualTo("Ada K"));
    assertThat(names.correct(stale)).isFalse();
    assertThat(name(ada)).isEqualTo("Ada K");
  }

  /** While the order cannot be seen yet, the customer is renamed: the order must not keep the former name. */
  @Test
  void renamesAnOrderThatIsBeingPlaced() throws SQLException {
    long ada = customer("Ada");
    CompletableFuture<Void> placing;
    CompletableFuture<Void> noting;
    try (var obstacle = database.getConnection()) {
      obstacle.setAutoCommit(false);
      obstacle.createStatement().execute("lock table orders.checkout");
      placing = CompletableFuture.runAsync(() -> order(ada));
      await().until(() -> isWaiting("insert into orders.checkout%"));
      api.put("/users/" + ada, "{'name': 'Ada K'}");
      noting = CompletableFuture.runAsync(() -> customers.note(new UserId(ada), "Ada K", 1));
      await().until(() -> noting.isDone() || isWaiting("update orders.customer%"));
      obstacle.rollback();
    }
    placing.join();
    noting.join();
    assertThat(jdbc.sql("select customer_name from orders.orders where customer_id = :id").param("id", ada).query(String.class).list())
        .containsExactly("Ada K", "Ada K");
  }

  private boolean isWaiting(String query) {
    return jdbc.sql("""
        select exists (select from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock' and query like :query)""")
        .param("query", query).query(Boolean.class).single();
  }

  @Test
  void leavesACopyThatIsNewerThanTheAnswer() {
    long ada = customer("Ada");
    customers.note(new UserId(ada), "Ada K", 7);
    assertThat(names.rebuild().ahead()).isEqualTo(1);
    assertThat(name(ada)).isEqualTo("Ada K");
    jdbc.sql("delete from orders.customer where user_id = :id").param("id", ada).update();
    names.rebuild();
  }

  @Test
  void isEqualInTheEndHoweverOftenItIsDamagedAndRebuiltUnderWrites() {
    var ids = IntStream.range(0, 110).mapToLong(i -> customer("Ada")).boxed().toList();
    var done = new AtomicBoolean();
    var writers = IntStream.range(0, 3).mapToObj(w -> CompletableFuture.runAsync(() -> {
      for (int i = 0; !done.get(); i++) {
        api.put("/users/" + ids.get((i * 3 + w) % ids.size()), "{'name': 'Name %d of %d'}".formatted(i, w));
      }
    })).toList();
    try {
      for (int i = 0; i < 5; i++) {
        ids.forEach(this::damage);
        names.rebuild();
      }
    } finally {
      done.set(true);
    }
    writers.forEach(CompletableFuture::join);
    await().untilAsserted(this::assertEqual);
  }

  /** Row by row, so as to hold no lock while it waits for another. */
  private void damage(long customer) {
    if (customer % 5 == 0) {
      jdbc.sql("delete from orders.customer where user_id = :id").param("id", customer).update();
    } else if (customer % 3 == 0) {
      jdbc.sql("update orders.customer set name = 'damaged', revision = 0 where user_id = :id").param("id", customer).update();
    }
  }

  private void assertEqual() {
    assertThat(jdbc.sql("""
        select count(*) from users.account a left join orders.customer c on c.user_id = a.id
        where a.name is distinct from c.name or a.revision is distinct from c.revision
          or exists (select * from orders.orders o where o.customer_id = a.id and o.customer_name <> a.name)""")
        .query(Integer.class).single()).isZero();
  }

  private String name(long user) {
    return jdbc.sql("select name from orders.customer where user_id = :id").param("id", user).query(String.class).single();
  }

  private long customer(String name) {
    long id = api.post("/users", "{'email': '%s@example.org', 'name': '%s'}".formatted(UUID.randomUUID(), name)).body().path("id").asLong();
    order(id);
    return id;
  }

  private void order(long customer) {
    assertThat(api.post("/orders", "{'customerId': %d, 'items': [{'sku': 'FIG-1', 'quantity': 1}]}".formatted(customer)).status()).isIn(List.of(201, 202));
  }
}
