package dev.banyan.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.control.client.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StaticRoutesTests {

  @TempDir Path folder;

  @Test
  void readsModulesWithTheirRoutes() throws IOException {
    Path file = file("""
        modules:
          users:
            service: http://localhost:8082
            owner: monolith
            reads-percent: 10
            routes:
              - path: /api/v1/users/**
              - { path: /api/v1/users/search, methods: [POST], kind: read }
        """);

    ModuleState users = StaticRoutes.load(file).get(0);

    assertThat(users.owner()).isEqualTo(Owner.MONOLITH);
    assertThat(users.readsPercent()).isEqualTo(10);
    assertThat(users.service()).contains(new Origin("localhost", 8082, false));
    assertThat(users.routes()).hasSize(2);
    assertThat(users.routes().get(1).methods()).isEqualTo(Set.of("POST"));
    assertThat(users.routes().get(1).access()).contains(Access.READ);
  }

  @Test
  void refusesEverythingThatIsWrongAtOnce() throws IOException {
    Path file = file("""
        modules:
          users:
            service: localhost
            owner: both
            reads-percent: 101
            paths: []
          orders:
            routes:
              - { path: orders, kind: write }
        """);

    assertThatThrownBy(() -> StaticRoutes.load(file)).hasMessageContainingAll(
        "modules.users: has an unknown key 'paths'; known are [owner, reads-percent, routes, service]",
        "modules.users.service: 'localhost' is no origin", "modules.users.owner: ", "modules.users.reads-percent: 0 to 100",
        "modules.users.routes: must be a list", "modules.orders: lacks 'service'",
        "modules.orders.routes[0].path: Path 'orders' must begin with '/'");
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("routes.yml"), text);
  }
}
