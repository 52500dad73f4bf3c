package dev.banyan.proxy.route;

import static dev.banyan.proxy.Modules.MONOLITH;
import static dev.banyan.proxy.Modules.SERVICE;
import static dev.banyan.proxy.Modules.module;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.client.Owner;
import dev.banyan.proxy.route.RouteTable.Match;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RouteTableTests {

  private static final Origin ELSEWHERE = new Origin("elsewhere", 80, false);

  @Test
  void theMostSpecificRouteDecides() {
    RouteTable table = RouteTable.of(List.of(
        module("all", "IN_SYNC", Owner.MONOLITH, 0, 1, false, "/api/**"),
        module("users", "IN_SYNC", Owner.MONOLITH, 0, 1, false, "/api/users/**")));

    assertThat(match(table, "/api/users/1", "PUT")).contains(new Match("users", Access.WRITE));
    assertThat(match(table, "/api/orders", "GET")).contains(new Match("all", Access.READ));
    assertThat(match(table, "/other", "GET")).isEmpty();
  }

  @Test
  void aRouteWithMethodsGoesBeforeOneWithout() {
    RouteTable table = RouteTable.of(List.of(withRoutes(
        Route.of("/users/**"),
        Route.of("/users/search", List.of("post"), Optional.of(Access.READ)),
        Route.of("/users/search"))));

    assertThat(match(table, "/users/search", "POST")).contains(new Match("users", Access.READ));
    assertThat(match(table, "/users/search", "PUT")).contains(new Match("users", Access.WRITE));
  }

  @Test
  void routesOfACancelledModuleAreNotInForce() {
    RouteTable table = RouteTable.of(List.of(module("users", "CANCELLED", Owner.MONOLITH, 100, 1, false, "/users/**")));

    assertThat(match(table, "/users", "GET")).isEmpty();
  }

  @Test
  void readsFollowThePercentageWhileTheMonolithOwns() {
    ModuleState state = module("users", "READS_SWITCHED", Owner.MONOLITH, 10, 1, false, "/users/**");

    assertThat(state.readOrigin(ELSEWHERE, 9)).contains(SERVICE);
    assertThat(state.readOrigin(ELSEWHERE, 10)).contains(MONOLITH);
    assertThat(state.ownerOrigin(ELSEWHERE)).contains(MONOLITH);
  }

  @Test
  void allReadsFollowTheServiceOnceItOwns() {
    ModuleState state = module("users", "COMPLETED", Owner.SERVICE, 0, 1, false, "/users/**");

    assertThat(state.readOrigin(ELSEWHERE, 99)).contains(SERVICE);
    assertThat(state.ownerOrigin(ELSEWHERE)).contains(SERVICE);
  }

  private static ModuleState withRoutes(Route... routes) {
    return new ModuleState("users", "IN_SYNC", Owner.MONOLITH, 0, 1, false, Optional.empty(), Optional.empty(),
        Duration.ofSeconds(1), List.of(routes));
  }

  private static Optional<Match> match(RouteTable table, String path, String method) {
    return table.match(RequestPath.of(path).orElseThrow(), method);
  }
}
