package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.Phase;
import dev.banyan.move.TwoServers;
import dev.banyan.move.check.Checker;
import dev.banyan.move.check.Finding;
import dev.banyan.move.database.DatabaseAddress;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.plan.Plan;
import dev.banyan.move.plan.RoutePlan;
import dev.banyan.move.plan.SidePlan;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TwoPlansIntegrationTests {

  private static Plan plan(String module, DatabaseAddress monolith, DatabaseAddress service, String... methods) {
    URI url = URI.create("http://localhost:1");
    return new Plan("plan.yml", module, new SidePlan(Optional.of(url), monolith), new SidePlan(Optional.of(url), service),
        List.of(Move.table("s.t")), List.of(new RoutePlan("/api/t/**", List.of(methods), Optional.empty(), 1)), Limits.defaults());
  }

  @Test
  void refusesATableAndARouteThatAnotherPlanHas() throws Exception {
    DatabaseAddress monolith = TwoServers.monolith("two_plans");
    DatabaseAddress service = TwoServers.service("two_plans");
    try (Move first = Move.of(plan("first_plan", monolith, service, "GET", "PUT"))) {
      first.onBoth("create schema s; create table s.t (id int primary key)").start().awaitPhase(Phase.IN_SYNC);
      try (Workspace second = new Workspace(plan("second_plan", monolith, service, "PUT"))) {
        assertThat(new Checker(second.plan(), second.monolith(), second.service()).ofTables().findings())
            .extracting(Finding::toString).containsExactly(
                "table s.t: moved by the plan of module 'first_plan', needed: in one plan. Take it out of one of the two plans.",
                "route /api/t/**: claimed by the plan of module 'first_plan', needed: in one plan. Take it out of one of the two plans.");
      }
      try (Workspace third = new Workspace(plan("third_plan", monolith, service, "DELETE"))) {
        assertThat(new Checker(third.plan(), third.monolith(), third.service()).ofTables().findings()).hasSize(1);
      }
      first.stop().start();
      org.awaitility.Awaitility.await().until(() -> first.failure != null || first.said.contains("Streaming from the monolith."));
      assertThat(first.failure).isNull();
    }
  }
}
