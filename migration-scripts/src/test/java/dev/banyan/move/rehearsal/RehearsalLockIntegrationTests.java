package dev.banyan.move.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.move.TwoServers;
import dev.banyan.move.database.DatabaseAddress;
import org.junit.jupiter.api.Test;

/** A rehearsal that goes on is known by whichever database its server is asked. */
class RehearsalLockIntegrationTests {

  @Test
  void isMetByWayOfAnotherDatabase() throws Exception {
    DatabaseAddress service = TwoServers.service("locked_elsewhere");
    DatabaseAddress other = new DatabaseAddress(ScratchServer.withDatabase(service.url(), "postgres"), service.user(), service.password());
    ScratchName name = ScratchName.fresh("users");
    try (ScratchServer here = new ScratchServer(service); ScratchServer there = new ScratchServer(other)) {
      try (RehearsalLock held = RehearsalLock.take(here, name).orElseThrow()) {
        assertThat(held).isNotNull();
        assertThat(RehearsalLock.take(there, name)).isEmpty();
        RehearsalLock.take(there, ScratchName.fresh("users")).orElseThrow().close();
      }
      RehearsalLock.take(there, name).orElseThrow().close();
    }
  }
}
