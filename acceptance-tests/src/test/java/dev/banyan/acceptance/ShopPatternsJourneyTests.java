package dev.banyan.acceptance;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;

import dev.banyan.demo.stage.Stage;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;

/**
 * The shop does the same things in the same way, whether its modules share a process and a database or not: the same
 * checks before, between and after two extractions, all through the proxy.
 */
class ShopPatternsJourneyTests {

  private static Stage stage;
  private static Collector collector;

  @BeforeAll
  static void setStage() throws IOException, SQLException {
    collector = new Collector();
    stage = Stage.set();
    stage.give(collector.environment());
    stage.give(ShopCopies.impatience());
    stage.give(ShopDeadLetters.impatience());
    stage.give(ShopStuckCheckouts.impatience());
    stage.give(Map.of("SHOP_COPIES_WEBHOOK", collector.webhook(), "SHOP_ORDERS_CHECKOUT_LEASE", "2s"));
    stage.give(Map.of("LOGGING_STRUCTURED_FORMAT_CONSOLE", "ecs", "LOGGING_LEVEL_ORG_SPRINGFRAMEWORK_WEB_SERVLET", "debug"));
  }

  @AfterAll
  static void clearStage() {
    stage.close();
    collector.close();
  }

  @TestFactory
  Stream<DynamicContainer> worksTheSameInEverySetting() {
    return Stream.concat(Arrays.stream(ShopSetting.values()).map(setting -> dynamicContainer(setting.name(), new ShopChecks(stage, setting, collector).all())),
        Stream.of(dynamicContainer("COMPLETED", new ShopChecks(stage, ShopSetting.USERS_AND_INVENTORY_OUT, collector).afterTheEnd())));
  }
}
