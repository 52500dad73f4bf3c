package shop.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.control.client.Owner;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.support.TransactionTemplate;
import shop.Api;
import shop.ServiceStub;
import shop.TestPostgres;
import shop.http.IfMatch;
import shop.owner.OwnedModule;
import shop.owner.Patience;

/**
 * The switch as the shop meets it: a real fence in a real database, and the owner record on an old word, so that the
 * fence is what tells.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = {
    "server.address=127.0.0.1", "shop.users.service.owner-max-age=1h", "shop.users.service.calls-until-break=1000", "shop.inbox.every=1h"})
class FenceIntegrationTests {

  private static final ServiceStub SERVICE = new ServiceStub();
  private static final String UPDATED = """
      {'id': <last>, 'email': 'a@example.org', 'name': 'At the service', 'phone': null, 'bio': null, 'preferences': {},
       'revision': 1, 'createdAt': '2026-01-01T00:00:00Z', 'updatedAt': '2026-01-01T00:00:00Z'}""";
  private static final String FOUND = UPDATED.replace("'name': 'At the service'", "'givenName': 'At the', 'familyName': 'service'");
  private static final String FENCED = "{'type': 'urn:banyan:fenced', 'status': 503, 'detail': 'moving'}";

  @LocalServerPort int port;
  @Autowired DataSource database;
  @Autowired OwnedModule<UserDirectory> owner;
  @Autowired ManualPatience patience;
  @Autowired Users users;
  @Autowired TransactionTemplate transaction;

  private JdbcTemplate jdbc;
  private Api api;
  private long id;

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry properties) {
    TestPostgres.newDatabase(properties);
  }

  @AfterAll
  static void close() {
    SERVICE.close();
  }

  /** A clock that only a wait moves, and what happens while a write waits. */
  static class ManualPatience {

    final AtomicLong nanos = new AtomicLong();
    Runnable meanwhile = () -> {};

    void sleep(Duration step) {
      nanos.addAndGet(step.toNanos());
      meanwhile.run();
    }
  }

  @TestConfiguration
  static class Clock {

    @Bean
    ManualPatience manualPatience() {
      return new ManualPatience();
    }

    @Bean
    @Primary
    Patience patienceOfTest(ManualPatience manual) {
      return new Patience(Duration.ofSeconds(2), Duration.ofMillis(10), manual.nanos::get, manual::sleep);
    }
  }

  @BeforeEach
  void installBanyan() {
    jdbc = new JdbcTemplate(database);
    api = new Api(port);
    SERVICE.reset();
    patience.meanwhile = () -> {};
    install("plane");
    install("side");
    jdbc.execute("drop trigger if exists fence on users.account");
    jdbc.update("delete from banyan.extraction");
    jdbc.update("""
        insert into banyan.extraction (module, phase, owner, epoch, service_url, max_hold_ms)
        values ('users', 'IN_SYNC', 'MONOLITH', 1, ?, 2000)""", SERVICE.url());
    owner.refresh();
    id = api.post("/users", "{'email': '%s@example.org', 'name': 'Ada'}".formatted(UUID.randomUUID()))
        .body().path("id").asLong();
  }

  @Test
  void sendsAWriteThatTheFenceRefusedToTheNewOwnerOnce() {
    raiseFence();
    setOwner(Owner.SERVICE);
    SERVICE.willAnswer(200, UPDATED);
    var answer = api.put("/users/" + id, "{'name': 'Bob'}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text("name")).isEqualTo("At the service");
    assertThat(SERVICE.requests()).containsExactly("PUT /api/v1/users/" + id);
    assertUntouched();
  }

  @Test
  void sendsTheRemovalOfAUserThatIsNotKnownHereYetToTheNewOwner() {
    raiseFence();
    setOwner(Owner.SERVICE);
    SERVICE.willAnswer(404, "{'status': 404, 'detail': 'The service has none either.'}");
    assertThat(api.delete("/users/0").text("detail")).isEqualTo("The service has none either.");
    assertThat(SERVICE.requests()).containsExactly("DELETE /api/v1/users/0");
  }

  @Test
  void asksTheNewOwnerForAUserThatIsNotKnownHereYet() {
    setOwner(Owner.SERVICE);
    SERVICE.willAnswer(200, FOUND);
    assertThat(api.get("/users/0").text("name")).isEqualTo("At the service");
    setOwner(Owner.MONOLITH);
    owner.refresh();
    setOwner(Owner.SERVICE);
    SERVICE.willAnswer(200, "[{'id': 7, 'line1': 'Ring 1', 'city': 'Wien', 'country': 'AT'}]");
    assertThat(api.get("/users/0/addresses").body().get(0).path("city").asString()).isEqualTo("Wien");
    SERVICE.willAnswer(404, "{'status': 404}");
    assertThat(api.get("/users/0/addresses").text("detail")).isEqualTo("There is no user 0.");
  }

  @Test
  void sendsAnAddressOfAUserThatIsNotKnownHereYetToTheNewOwner() {
    jdbc.execute("""
        create trigger fence before insert or update or delete on users.address
        for each statement execute function banyan.refuse_write('users', 'service')""");
    setOwner(Owner.SERVICE);
    SERVICE.willAnswer(201, "{'id': 7, 'line1': 'Ring 1', 'city': 'Wien', 'country': 'AT'}");
    var added = api.post("/users/0/addresses", "{'line1': 'Ring 1', 'city': 'Wien', 'country': 'AT'}");
    jdbc.execute("drop trigger fence on users.address");
    assertThat(added.header("Location")).as(added.body().toString()).isEqualTo("/api/v1/users/0/addresses/7");
    assertThat(SERVICE.requests()).containsExactly("POST /api/v1/users/0/addresses");
  }

  @Test
  void waitsBehindTheFenceForTheNewOwner() {
    raiseFence();
    patience.meanwhile = () -> setOwner(Owner.SERVICE);
    SERVICE.willAnswer(200, UPDATED);
    assertThat(api.put("/users/" + id, "{'name': 'Bob'}").status()).isEqualTo(200);
    assertThat(SERVICE.requests()).hasSize(1);
    assertUntouched();
  }

  @Test
  void writesInProcessWhenTheSwitchWasCancelledMeanwhile() {
    raiseFence();
    patience.meanwhile = this::dropFence;
    var answer = api.put("/users/" + id, "{'name': 'Bob'}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("revision").asLong()).isEqualTo(1);
    assertThat(SERVICE.requests()).isEmpty();
  }

  @Test
  void asksTheClientToComeBackWhenTheFenceStaysTooLong() {
    raiseFence();
    var answer = api.put("/users/" + id, "{'name': 'Bob'}");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isEqualTo("1");
    assertThat(answer.text("type")).isEqualTo("urn:banyan:fenced");
    assertUntouched();
  }

  @Test
  void writesInProcessWhenTheServiceWasFencedForARollback() {
    setOwner(Owner.SERVICE);
    owner.refresh();
    setOwner(Owner.MONOLITH);
    SERVICE.willAnswer(503, FENCED);
    var answer = api.put("/users/" + id, "{'name': 'Bob'}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text("name")).isEqualTo("Bob");
    assertThat(answer.body().path("revision").asLong()).isEqualTo(1);
    assertThat(SERVICE.requests()).hasSize(1);
  }

  @Test
  void neverSendsAWriteAgainWhoseAnswerWasLost() {
    setOwner(Owner.SERVICE);
    owner.refresh();
    SERVICE.willHangUp();
    assertThat(api.put("/users/" + id, "{'name': 'Bob'}").status()).isEqualTo(504);
    assertThat(SERVICE.requests()).hasSize(1);
  }

  @Test
  void asksAgainForARead() {
    setOwner(Owner.SERVICE);
    owner.refresh();
    SERVICE.willAnswer(503, "{'status': 503}").willAnswer(200, FOUND);
    assertThat(api.get("/users/" + id).text("name")).isEqualTo("At the service");
    assertThat(SERVICE.requests()).hasSize(2);
  }

  @Test
  void passesOnWhatTheServiceRefuses() {
    setOwner(Owner.SERVICE);
    owner.refresh();
    SERVICE.willAnswer(409, "{'status': 409, 'detail': 'taken'}").willAnswer(404, "{'status': 404}");
    var answer = api.put("/users/" + id, "{'name': 'Bob'}");
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.text("detail")).isEqualTo("taken");
    assertThat(users.find(new UserId(id))).isEmpty();
  }

  @Test
  void takesNoAnswerAboutAnotherUserForTheOneItHasAskedAbout() {
    setOwner(Owner.SERVICE);
    owner.refresh();
    SERVICE.willAnswerAlways(200, FOUND.replace("<last>", "4711"));
    assertThat(api.get("/users/" + id).status()).isEqualTo(502);
    SERVICE.willAnswerAlways(200, UPDATED.replace("<last>", "4711"));
    assertThat(api.put("/users/" + id, "{'name': 'Bob'}").status()).isEqualTo(502);
  }

  @Test
  void takesNoPageForARemoval() {
    setOwner(Owner.SERVICE);
    owner.refresh();
    SERVICE.willShowAPage(200);
    var answer = api.delete("/users/" + id);
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.text("detail")).isEqualTo("The service of module 'users' answered something that is not understood.");
    SERVICE.willShowAPage(404);
    assertThat(api.delete("/users/" + id).status()).isEqualTo(502);
  }

  /** What stands in front of the service may have handed the write on before it lost the connection. */
  @Test
  void takesNoStrangersWordThatNothingWasChanged() {
    setOwner(Owner.SERVICE);
    owner.refresh();
    SERVICE.willShowAPage(503);
    assertThat(api.put("/users/" + id, "{'name': 'Bob'}").status()).isEqualTo(502);
    assertThat(SERVICE.requests()).hasSize(1);
  }

  @Test
  void tellsTheServiceWhichVersionsAreMeant() {
    setOwner(Owner.SERVICE);
    owner.refresh();
    SERVICE.willAnswer(412, "{'status': 412, 'detail': 'changed since'}").willAnswer(412, "{'status': 412, 'detail': 'changed since'}")
        .willAnswer(204, "").willAnswer(204, "");
    assertThat(api.put("/users/" + id, "{'name': 'Bob'}", "\"3\", W/\"4\"").status()).isEqualTo(412);
    assertThat(remove("/api/v1/users/", "\"3\"").text("detail")).isEqualTo("changed since");
    assertThat(remove("/api/v2/users/", "\"5\"").status()).isEqualTo(204);
    assertThat(remove("/api/v1/users/", "*").status()).isEqualTo(204);
    assertThat(SERVICE.preconditions()).containsExactly("\"3\", W/\"4\"", "\"3\"", "\"5\"");
  }

  private Api.Answer remove(String path, String ifMatch) {
    return Api.ofAnyVersion(port).send("DELETE", path + id, "", "If-Match", ifMatch);
  }

  @Test
  void refusesToChangeUsersWithinATransaction() {
    assertThatThrownBy(() -> transaction.executeWithoutResult(
        status -> users.update(new UserId(id), UserChange.ofName("Bob"), IfMatch.ANY)))
        .isInstanceOf(IllegalStateException.class).hasMessageContaining("within a transaction");
  }

  private void install(String part) {
    Flyway.configure().dataSource(database).schemas("banyan").table("history_of_" + part)
        .locations("classpath:dev/banyan/control/" + part)
        .baselineOnMigrate(true).baselineVersion("0").load().migrate();
  }

  private void raiseFence() {
    jdbc.execute("""
        create trigger fence before insert or update or delete on users.account
        for each statement execute function banyan.refuse_write('users', 'service')""");
  }

  private void dropFence() {
    jdbc.execute("drop trigger fence on users.account");
  }

  private void setOwner(Owner owner) {
    jdbc.update("update banyan.extraction set phase = ?, owner = ?, epoch = epoch + 1",
        owner == Owner.SERVICE ? "WRITES_SWITCHED" : "IN_SYNC", owner.name());
  }

  private void assertUntouched() {
    assertThat(jdbc.queryForMap("select name, revision from users.account where id = ?", id))
        .containsEntry("name", "Ada").containsEntry("revision", 0L);
  }
}
