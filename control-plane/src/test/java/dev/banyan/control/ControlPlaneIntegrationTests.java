package dev.banyan.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.control.Intents.Intent;
import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Intents.State;
import dev.banyan.control.client.Owner;
import dev.banyan.control.client.OwnerRecord;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ControlPlaneIntegrationTests {

  private static EmbeddedPostgres postgres;
  private static DataSource monolith;
  private ControlPlane control;
  private Jdbi jdbi;

  @BeforeAll
  static void starts() throws IOException {
    postgres = EmbeddedPostgres.start();
    monolith = postgres.getPostgresDatabase();
    ControlSchema.installPlane(monolith);
    ControlSchema.installSide(monolith);
  }

  @AfterAll
  static void stops() throws IOException {
    postgres.close();
  }

  @BeforeEach
  void registers() {
    jdbi = Jdbi.create(monolith);
    jdbi.useHandle(handle -> handle.execute("delete from banyan.extraction"));
    control = new ControlPlane(jdbi, "tester");
    control.register(new Registration("users", Optional.of(URI.create("http://localhost:1")), Optional.of(URI.create("http://localhost:2")),
        Duration.ofSeconds(2), "plan", List.of(new Registration.Table("a.b", "c.d", 10)),
        List.of(new Registration.Route("/api/**", List.of("GET"), Optional.of("READ")))));
  }

  private Extraction inSync() {
    Extraction record = control.takeOver("users");
    return control.advance(control.advance(record, Phase.COPYING, Map.of()), Phase.IN_SYNC, Map.of());
  }

  @Test
  void installsTwiceAndOverBothParts() {
    ControlSchema.installPlane(monolith);
    ControlSchema.installSide(monolith);
    assertThat(control.isInstalled()).isTrue();
  }

  @Test
  void refusesAMoverThatWasReplaced() {
    Extraction first = inSync();
    Extraction second = control.takeOver("users");
    assertThatThrownBy(() -> control.hold(first)).isInstanceOf(StaleMoverException.class);
    assertThatThrownBy(() -> control.record(first, "anything", Map.of())).isInstanceOf(StaleMoverException.class);
    assertThat(control.hold(second).held()).isTrue();
  }

  @Test
  void changesTheOwnerWithOneRecordUnderANewEpoch() {
    Extraction before = control.hold(inSync());
    Extraction after = control.decide(before, Map.of());
    assertThat(after.owner()).isEqualTo(Owner.SERVICE);
    assertThat(after.phase()).isEqualTo(Phase.WRITES_SWITCHED);
    assertThat(after.epoch()).isEqualTo(before.epoch() + 1);
    assertThat(after.held()).isTrue();
    assertThatThrownBy(() -> control.release(before)).isInstanceOf(StaleMoverException.class);
    assertThat(new OwnerRecord(monolith, "users", Duration.ZERO).current().serviceUrl()).contains(URI.create("http://localhost:2"));
  }

  @Test
  void leadsBackWithTheSameSteps() {
    Extraction switched = control.decide(inSync(), Map.of());
    Extraction back = control.decide(switched, Map.of());
    assertThat(back.owner()).isEqualTo(Owner.MONOLITH);
    assertThat(back.phase()).isEqualTo(Phase.IN_SYNC);
  }

  @Test
  void refusesAnIllegalMove() {
    Extraction planned = control.takeOver("users");
    assertThatThrownBy(() -> control.decide(planned, Map.of())).hasMessage("An extraction in phase PLANNED cannot become WRITES_SWITCHED");
  }

  @Test
  void countsRouteVersionsAndPercentOfReads() {
    Extraction before = inSync();
    Extraction tenth = control.routeReads(before, 10);
    assertThat(tenth.phase()).isEqualTo(Phase.READS_SWITCHED);
    assertThat(tenth.routeVersion()).isEqualTo(before.routeVersion() + 1);
    assertThat(control.routeReads(tenth, 0).phase()).isEqualTo(Phase.IN_SYNC);
  }

  @Test
  void journalTellsWhoDidWhatAndCannotBeRewritten() {
    inSync();
    assertThat(control.journal("users", 2)).extracting(JournalRecord::event).containsExactly("phase.in_sync", "phase.copying");
    assertThat(control.journal("users", 1).get(0).actor()).isEqualTo("tester");
    for (String sql : List.of("update banyan.journal set actor = 'x'", "delete from banyan.journal", "truncate banyan.journal")) {
      assertThatThrownBy(() -> jdbi.useHandle(handle -> handle.execute(sql))).hasMessageContaining("append-only");
    }
  }

  @Test
  void takesOneIntentAtATime() {
    Intents intents = new Intents(jdbi);
    long id = intents.request("users", Kind.VERIFY, Map.of("a", 1), "tester").orElseThrow();
    assertThat(intents.request("users", Kind.CANCEL, Map.of(), "tester")).isEmpty();
    Intent intent = intents.open("users").orElseThrow();
    assertThat(intent.argument()).containsEntry("a", 1);
    assertThat(intents.begin(intent)).isTrue();
    assertThat(intents.withdraw(id)).isFalse();
    intents.end(intent, State.DONE, Map.of("message", "ok"));
    assertThat(intents.get(id).outcome()).containsEntry("message", "ok");
    assertThat(intents.request("users", Kind.CANCEL, Map.of(), "tester")).isPresent();
  }

  @Test
  void countsOnlyLiveProxiesAndThoseThatAreBehind() {
    Proxies proxies = new Proxies(jdbi);
    jdbi.useHandle(handle -> {
      handle.execute("delete from banyan.proxy");
      handle.execute("insert into banyan.proxy (id) values ('a'), ('b')");
      handle.execute("insert into banyan.proxy (id, seen_at) values ('gone', clock_timestamp() - interval '1 minute')");
      handle.execute("insert into banyan.proxy_acknowledgement values ('a', 'users', 7), ('b', 'users', 6)");
    });
    assertThat(proxies.alive()).isEqualTo(2);
    assertThat(proxies.behind("users", 7)).containsExactly("b");
    assertThat(proxies.behind("users", 6)).isEmpty();
  }

  @Test
  void anOrdinaryRoleSeesTheOwnerAndNothingElse() {
    jdbi.useHandle(handle -> {
      handle.execute("drop role if exists ordinary");
      handle.execute("create role ordinary login");
    });
    DataSource ordinary = postgres.getDatabase("ordinary", "postgres");
    assertThat(new OwnerRecord(ordinary, "users", Duration.ZERO).current().owner()).isEqualTo(Owner.MONOLITH);
    assertThatThrownBy(() -> Jdbi.create(ordinary).useHandle(handle -> handle.createQuery("select * from banyan.intent").mapToMap().list()))
        .hasMessageContaining("permission denied");
  }
}
