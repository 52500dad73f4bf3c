package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.demo.stage.ChildProcess;
import dev.banyan.demo.stage.Stage;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The shop is killed while one order stands at each step of its checkout, in front of the step's effect and behind it;
 * started again, it brings each of them to its end, and who sends an order again gets no second one.
 */
class KilledCheckoutJourneyTests {

  private static final Map<String, String> QUICKLY = Map.of("SHOP_ORDERS_CHECKOUT_LEASE", "1s", "SHOP_POOL_SIZE", "40");

  @Test
  void bringsEveryCheckoutToItsEndAtWhicheverStepItWasKilled() throws Exception {
    try (Stage stage = Stage.set()) {
      ChildProcess shop = stage.startMonolith(QUICKLY);
      stage.awaitMonolith();
      Http http = new Http(stage.monolithUrl());
      long customer = http.post("/api/v1/users", "{\"email\": \"a@example.org\", \"name\": \"Ada\"}").body().path("id").asLong();
      try (KilledCheckouts checkouts = new KilledCheckouts(stage, http, "KILL", KilledCheckouts.ALL)) {
        checkouts.standStill(customer);
        shop.kill();
        checkouts.letGo();
        stage.startMonolith(QUICKLY);
        stage.awaitMonolith();
        new ShopBooks(stage, ShopSetting.MONOLITH).expectRight();
        checkouts.expectOneOrderEach(customer);
      }
      expectEnds(stage);
    }
  }

  private static void expectEnds(Stage stage) throws SQLException {
    assertThat(number(stage, "select count(*) from orders.orders")).isEqualTo(KilledCheckouts.ALL.size());
    assertThat(number(stage, "select count(*) from orders.orders where status = 'CONFIRMED'"))
        .isEqualTo(KilledCheckouts.ALL.stream().filter(c -> c.given() == 1).count());
    assertThat(number(stage, "select count(*) from orders.orders where status = 'REJECTED'"))
        .isEqualTo(KilledCheckouts.ALL.stream().filter(c -> c.given() == 2).count());
    assertThat(number(stage, "select count(*) from (select aggregate from orders.outbox group by 1 having count(*) <> 2) e")).isZero();
  }

  private static long number(Stage stage, String sql) throws SQLException {
    try (Connection connection = stage.monolithServer().connect("shop"); Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
