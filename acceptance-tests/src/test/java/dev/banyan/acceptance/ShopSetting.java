package dev.banyan.acceptance;

import dev.banyan.acceptance.ShopOwners.Owner;
import dev.banyan.demo.stage.ChildProcess;
import dev.banyan.demo.stage.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** How far the shop has come apart; each setting is reached from the one before by a real move. */
enum ShopSetting {
  /** All modules in one process, on one database. */
  MONOLITH {
    @Override
    void reach(Stage stage) throws Exception {
      stage.startShop();
    }
  },

  /** The users in a service of their own. */
  USERS_OUT {
    @Override
    void reach(Stage stage) throws Exception {
      move(stage, stage.writePlan());
    }
  },

  /** The inventory as well: the monolith's jar, told to run nothing else. */
  USERS_AND_INVENTORY_OUT {
    @Override
    void reach(Stage stage) throws Exception {
      stage.prepareInventory();
      stage.startInventory();
      move(stage, stage.writeInventoryPlan());
    }
  };

  private static final Duration IN_SYNC_WITHIN = Duration.ofSeconds(120);

  /** Takes the shop here from the setting before. */
  abstract void reach(Stage stage) throws Exception;

  /** Returns which processes a request for an order's details goes through, by their names in traces. */
  List<String> processes() {
    return switch (this) {
      case MONOLITH -> List.of("strangler-proxy", "shop");
      case USERS_OUT -> List.of("strangler-proxy", "shop", "user-service");
      case USERS_AND_INVENTORY_OUT -> List.of("strangler-proxy", "shop", "user-service", "shop");
    };
  }

  /** Returns the modules that have left the monolith, the last one first. */
  List<Owner> left() {
    return switch (this) {
      case MONOLITH -> List.of();
      case USERS_OUT -> List.of(Owner.USERS);
      case USERS_AND_INVENTORY_OUT -> List.of(Owner.INVENTORY, Owner.USERS);
    };
  }

  /** Connects to the database in which a module's tables are written. */
  Connection connect(Stage stage, String module) throws SQLException {
    if (module.equals("users") && compareTo(USERS_OUT) >= 0) {
      return stage.serviceServer().connect("users");
    }
    return module.equals("inventory") && this == USERS_AND_INVENTORY_OUT
        ? stage.serviceServer().connect("inventory") : stage.monolithServer().connect("shop");
  }

  private static void move(Stage stage, Path plan) throws IOException, InterruptedException {
    ChildProcess mover = stage.startMover(plan);
    mover.awaitLine(line -> line.contains("In sync"), IN_SYNC_WITHIN);
    Verbs.expectDone("verify", plan.toString());
    Verbs.expectDone("switch", "writes", plan.toString());
  }
}
