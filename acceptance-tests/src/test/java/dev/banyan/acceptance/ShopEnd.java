package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.demo.stage.Stage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** The end of the shared database: both modules are complete, and the monolith runs without them and their tables. */
final class ShopEnd {

  private final Stage stage;

  ShopEnd(Stage stage) {
    this.stage = stage;
  }

  void complete() throws Exception {
    for (Path plan : List.of(stage.writePlan(), stage.writeInventoryPlan())) {
      Verbs.expectDone("complete", plan.toString(), "--drop");
      String migration = Verbs.expectDone("migration", plan.toString()).path("sql").asText();
      stage.monolithServer().execute("shop", migration);
    }
    stage.killMonolith();
    stage.startMonolith(Map.of("SHOP_MODULES", "orders,payments,reporting"));
    stage.awaitMonolith();
    try (Connection monolith = stage.monolithServer().connect("shop"); Statement statement = monolith.createStatement()) {
      ResultSet row = statement.executeQuery(
          "select string_agg(t, ', ') from unnest(array['users.account', 'users.address', 'inventory.product', 'inventory.reservation']) t "
              + "where to_regclass(t) is not null");
      row.next();
      assertThat(row.getString(1)).as("tables left in the monolith").isNull();
    }
    assertThat(new Http(stage.monolithUrl()).get("/api/v1/inventory/products").status()).isEqualTo(404);
  }
}
