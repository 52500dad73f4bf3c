package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.acceptance.ShopOwners.Owner;
import dev.banyan.demo.stage.Stage;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** Processes that are killed in the middle of something; whoever is started again goes on with it. */
final class ShopBreakdowns {

  private static final Duration WITHIN = Duration.ofSeconds(30);

  private final Stage stage;
  private final ShopSetting setting;
  private final Http proxy;
  private final ShopCustomer shop;

  ShopBreakdowns(Stage stage, ShopSetting setting) {
    this.stage = stage;
    this.setting = setting;
    this.proxy = new Http(stage.proxyUrl());
    this.shop = new ShopCustomer(proxy);
  }

  void goesOnWhereTheInventoryWasKilled() throws Exception {
    long customer = shop.register("Ada");
    killTheInventoryWhileItReserves(customer);
    shop.awaitOrdersAgain(customer);
    killTheInventoryBetweenItsCommitAndItsAnswer(customer);
    shop.awaitOrdersAgain(customer);
  }

  /** Whatever becomes of this order, it is the same in all databases. */
  private void killTheInventoryWhileItReserves(long customer) throws Exception {
    CompletableFuture<Http.Answer> answer;
    try (Connection gate = stage.serviceServer().connect("inventory"); Statement statement = gate.createStatement()) {
      gate.setAutoCommit(false);
      statement.execute("lock table inventory.reservation in exclusive mode");
      answer = CompletableFuture.supplyAsync(() -> shop.orderBeside(customer));
      await("the reservation").atMost(WITHIN).pollInterval(Duration.ofMillis(20)).until(() -> isWaitedFor(statement));
      stage.killInventory();
      gate.rollback();
    }
    stage.startInventory();
    assertThat(answer.join().status()).isIn(201, 202, 409);
  }

  /** A commit that waits for a replica which is not there is written already, and its client has not heard of it. */
  private void killTheInventoryBetweenItsCommitAndItsAnswer(long customer) throws Exception {
    AtomicBoolean stopped = new AtomicBoolean();
    CompletableFuture<Map<Integer, Integer>> answers;
    long committed;
    try (Connection observer = stage.serviceServer().connect("inventory"); Statement statement = observer.createStatement()) {
      stage.serviceServer().execute("postgres", "alter system set synchronous_standby_names = 'nobody'", "select pg_reload_conf()");
      answers = CompletableFuture.supplyAsync(() -> shop.orderUntil(stopped, customer));
      try {
        await("a reservation that is committed and not answered").atMost(WITHIN).pollInterval(Duration.ofMillis(20)).until(() -> number(statement, """
            select count(*) from pg_locks l join pg_stat_activity a using (pid)
            where l.relation = 'inventory.reservation'::regclass and l.mode = 'RowExclusiveLock' and a.wait_event = 'SyncRep'""") == 1);
        committed = number(statement, "select count(*) from inventory.reservation");
        stage.killInventory();
      } finally {
        stopped.set(true);
        stage.serviceServer().execute("postgres", "alter system reset synchronous_standby_names", "select pg_reload_conf()");
      }
      await("the reservation to be seen").atMost(WITHIN).until(() -> number(statement, "select count(*) from inventory.reservation") == committed + 1);
    }
    stage.startInventory();
    assertThat(answers.join().keySet()).isSubsetOf(201, 202, 409, 503);
  }

  private static boolean isWaitedFor(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery(
        "select count(*) > 0 from pg_locks where relation = 'inventory.reservation'::regclass and not granted")) {
      return row.next() && row.getBoolean(1);
    }
  }

  /** The monolith is killed with an order at each step, and with a new name that is committed and not delivered. */
  void goesOnWhereItWasKilled() throws Exception {
    long customer = shop.register("Ada");
    long order = shop.placed(customer, "FIG-1", 1).path("id").asLong();
    try (KilledCheckouts checkouts = new KilledCheckouts(stage, new Http(stage.monolithUrl()), "K" + setting.ordinal(), steps());
        Connection delivery = stage.monolithServer().connect("shop"); Statement statement = delivery.createStatement()) {
      delivery.setAutoCommit(false);
      statement.execute("lock table orders.inbox_cursor in access exclusive mode");
      assertThat(proxy.put("/api/v1/users/" + customer, "{\"name\": \"Ada King\"}").status()).isEqualTo(200);
      checkouts.standStill(customer);
      stage.killMonolith();
      checkouts.letGo();
      delivery.rollback();
      stage.startMonolith();
      stage.awaitMonolith();
      shop.awaitName(order, "Ada King");
      new ShopBooks(stage, setting).expectRight();
      checkouts.expectOneOrderEach(customer);
    }
  }

  private List<KilledCheckouts.Cell> steps() {
    return setting.left().contains(Owner.INVENTORY) ? KilledCheckouts.OF_MONOLITH : KilledCheckouts.ALL;
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
