package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.demo.stage.Accounts;
import dev.banyan.demo.stage.ChildProcess;
import dev.banyan.demo.stage.Server;
import dev.banyan.demo.stage.Stage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Whoever owns the users, the monolith's other modules notice nothing: orders follow the customers' names, reports count
 * each of their changes exactly once, calls of the monolith reach the owner, and nobody writes where nobody reads. The
 * users change all the while, and the monolith is killed in the middle of it.
 */
class EventHandOverJourneyTests {

  private static final int ACCOUNTS = 500;
  private static final int CUSTOMER = 17;
  private static final int PARTED = 18;
  private static final int FIRST_RENAMED = 100;
  private static final int MORE = 200;
  private static final Duration STARTED_WITHIN = Duration.ofSeconds(90);
  private static final Duration FOLLOWED_WITHIN = Duration.ofSeconds(20);
  private static final Duration IN_SYNC_WITHIN = Duration.ofSeconds(90);

  @Test
  void ordersFollowTheNamesOfTheirCustomersWhoeverOwnsThese() throws Exception {
    try (Stage stage = Stage.set()) {
      ChildProcess monolith = stage.startMonolith();
      stage.startService();
      stage.startProxy();
      awaitUp(stage.proxyUrl(), stage.serviceUrl());
      Accounts.fill(stage.monolithServer(), ACCOUNTS);
      Http proxy = new Http(stage.proxyUrl());
      try (var renamers = new Changers(4, 10,
          (user, number) -> proxy.put("/api/v1/users/" + (FIRST_RENAMED + user), "{\"name\": \"Name %d\"}".formatted(number)))) {
        new Journey(stage, monolith, renamers).run();
      }
    }
  }

  private static void awaitUp(URI... parts) {
    for (URI part : parts) {
      await(part + " to answer").atMost(STARTED_WITHIN).ignoreExceptions()
          .until(() -> new Http(part).get("/api/v1/users?limit=1").status() == 200);
    }
  }

  /** The shop with an order of one customer. */
  private static final class Journey {

    private final Stage stage;
    private final ChildProcess killed;
    private final Changers renamers;
    private final Http proxy;
    private final Http monolith;
    private final long order;
    private final Path plan;

    Journey(Stage stage, ChildProcess killed, Changers renamers) throws IOException, InterruptedException {
      this.stage = stage;
      this.killed = killed;
      this.renamers = renamers;
      this.proxy = new Http(stage.proxyUrl());
      this.monolith = new Http(stage.monolithUrl());
      this.order = place();
      this.plan = stage.writePlan();
    }

    void run() throws Exception {
      renameAndAwait("Ada before the move");
      ChildProcess mover = startMover("In sync");
      renameAndAwait("Ada in the monolith");
      expectRefused(stage.serviceServer(), "users", "monolith");

      Verbs.expectDone("verify", plan.toString());
      Verbs.expectDone("switch", "writes", plan.toString());
      renamers.awaitMore(MORE);
      nameInTwoParts();
      killTheMonolith();
      renameAndAwait("Ada in the service");
      expectTheCopyToBeTakenFromTheService("Ada in the service");
      expectRefused(stage.monolithServer(), "shop", "service");
      mover.close();
      expectCallsOfTheMonolithToReachTheService();
      startMover("Streaming from the service");

      Verbs.expectDone("rollback", plan.toString());
      expectBothVersionsToTellTheName();
      renamers.awaitMore(MORE);
      renameAndAwait("Ada back in the monolith");
      expectRefused(stage.serviceServer(), "users", "monolith");
      Verbs.expectDone("cancel", plan.toString());
      renameAndAwait("Ada after it all");
      renamers.stop();
      expectEachChangeToHaveBeenCountedOnce();
    }

    private void expectTheCopyToBeTakenFromTheService(String name) throws IOException, InterruptedException, SQLException {
      stage.monolithServer().execute("shop", "update orders.customer set name = 'damaged' where user_id = " + CUSTOMER,
          "update orders.orders set customer_name = 'damaged' where customer_id = " + CUSTOMER);
      assertThat(monolith.post("/api/v1/copies/orders.customerName/heal", "").status()).isEqualTo(200);
      assertThat(proxy.get("/api/v1/orders/" + order).body().path("customerName").asText()).isEqualTo(name);
    }

    /** Not through the proxy, which would send it to the service: the monolith passes it on. */
    private void nameInTwoParts() throws IOException, InterruptedException, SQLException {
      Http.Answer named = monolith.put("/api/v2/users/" + PARTED, "{\"givenName\": \"Ludwig\", \"familyName\": \"van Beethoven\"}");
      assertThat(named.status()).as(named.body().toString()).isEqualTo(200);
      assertThat(name(stage.serviceServer(), "users", PARTED)).isEqualTo("Ludwig van Beethoven");
      expectBothVersionsToTellTheName();
    }

    private void expectBothVersionsToTellTheName() throws IOException, InterruptedException {
      assertThat(proxy.get("/api/v1/users/" + PARTED).body().path("name").asText()).isEqualTo("Ludwig van Beethoven");
      assertThat(proxy.get("/api/v2/users/" + PARTED).body().path("familyName").asText()).isEqualTo("van Beethoven");
    }

    /** Who follows the events is gone while the service goes on to publish them. */
    private void killTheMonolith() throws IOException, InterruptedException {
      killed.kill();
      renamers.awaitMore(MORE);
      stage.startMonolith();
      awaitUp(stage.monolithUrl());
    }

    private void expectEachChangeToHaveBeenCountedOnce() {
      await("reports to know all changes").atMost(FOLLOWED_WITHIN).pollInterval(Duration.ofMillis(50)).untilAsserted(() ->
          assertThat(renamers.things()).allSatisfy(user -> assertThat(report(FIRST_RENAMED + user).path("changes").asInt())
              .as("changes of user %d", FIRST_RENAMED + user).isEqualTo(renamers.acknowledged(user))));
      assertThat(renamers.things()).allSatisfy(user ->
          assertThat(report(FIRST_RENAMED + user).path("name").asText()).isEqualTo("Name " + renamers.acknowledged(user)));
    }

    private JsonNode report(int user) throws IOException, InterruptedException {
      return monolith.get("/api/v1/reporting/customers/" + user).body().path("rows").path(0);
    }

    private long place() throws IOException, InterruptedException {
      Http.Answer placed = proxy.post("/api/v1/orders",
          "{\"customerId\": %d, \"items\": [{\"sku\": \"FIG-1\", \"quantity\": 2}]}".formatted(CUSTOMER));
      assertThat(placed.status()).as(placed.body().toString()).isEqualTo(201);
      return placed.body().path("id").asLong();
    }

    private void renameAndAwait(String name) throws IOException, InterruptedException {
      rename(proxy, name);
      await("the order to bear the name " + name).atMost(FOLLOWED_WITHIN).pollInterval(Duration.ofMillis(50)).untilAsserted(
          () -> assertThat(proxy.get("/api/v1/orders/" + order).body().path("customerName").asText()).isEqualTo(name));
    }

    private static void rename(Http at, String name) throws IOException, InterruptedException {
      Http.Answer renamed = at.put("/api/v1/users/" + CUSTOMER, "{\"name\": \"%s\"}".formatted(name));
      assertThat(renamed.status()).as(renamed.body().toString()).isEqualTo(200);
    }

    /** Without a mover the monolith's own copy stands still, so that it shows who answers. */
    private void expectCallsOfTheMonolithToReachTheService() throws Exception {
      rename(monolith, "Ada by way of the monolith");
      assertThat(name(stage.serviceServer(), "users", CUSTOMER)).isEqualTo("Ada by way of the monolith");
      assertThat(name(stage.monolithServer(), "shop", CUSTOMER)).isEqualTo("Ada in the service");
      assertThat(monolith.get("/api/v1/users/" + CUSTOMER).body().path("name").asText()).isEqualTo("Ada by way of the monolith");
    }

    private static String name(Server server, String database, int user) throws SQLException {
      try (var connection = server.connect(database); var statement = connection.createStatement();
          var row = statement.executeQuery("select name from users.account where id = " + user)) {
        assertThat(row.next()).isTrue();
        return row.getString(1);
      }
    }

    /** The database and its role bear the same name. */
    private static void expectRefused(Server server, String database, String owner) throws SQLException {
      try (var connection = DriverManager.getConnection(server.url(database), database, database);
          var statement = connection.createStatement()) {
        for (String write : new String[] {"update users.account set name = 'lost'", "delete from users.address",
            "insert into users.account (email, name) values ('lost@example.org', 'lost')", "truncate users.account cascade"}) {
          assertThatThrownBy(() -> statement.execute(write))
              .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("ZB001"))
              .hasMessageContaining("refused: module 'users' is owned by the " + owner);
        }
      }
    }

    private ChildProcess startMover(String line) throws IOException, InterruptedException {
      ChildProcess mover = stage.startMover(plan);
      mover.awaitLine(said -> said.contains(line), IN_SYNC_WITHIN);
      return mover;
    }
  }
}
