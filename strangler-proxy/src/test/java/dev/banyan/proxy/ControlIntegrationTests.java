package dev.banyan.proxy;

import static java.net.http.HttpRequest.BodyPublishers.ofByteArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.http.HttpServerRequest;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a proxy does as the control tables say, and when they are out of reach. */
class ControlIntegrationTests {

  private static final String USER = "/api/v1/users/";
  private static final long LONG = 15_000;

  private final ControlTables tables = ControlTables.shared();
  private ProxyFixture proxy;

  @BeforeEach
  void prepare() throws Exception {
    tables.reset();
    proxy = new ProxyFixture().control(tables.address());
  }

  @AfterEach
  void stop() throws Exception {
    tables.comeBack();
    proxy.close();
    await().until(() -> tables.connections() == 0);
  }

  @Test
  void sendsReadsToTheServiceAsThePercentageSays() throws Exception {
    startWith(LONG);
    assertThat(answers(40)).containsOnly("monolith");

    proxy.awaitVersion("users", tables.change("users", "reads_percent = 100, phase = 'READS_SWITCHED'"));
    assertThat(answers(40)).containsOnly("service");
    assertThat(proxy.put(USER + 1).body()).isEqualTo("monolith");

    proxy.awaitVersion("users", tables.change("users", "reads_percent = 50"));
    assertThat(answers(100)).contains("service", "monolith");
  }

  @Test
  void leavesACancelledModuleToTheMonolith() throws Exception {
    startWith(LONG);
    proxy.awaitVersion("users", tables.change("users", "reads_percent = 100, phase = 'CANCELLED'"));

    assertThat(answers(20)).containsOnly("monolith");
    assertThat(proxy.put(USER + 1).body()).isEqualTo("monolith");
  }

  @Test
  void staysWithTheServiceWhenCompleted() throws Exception {
    startWith(LONG);
    tables.giveToService("users");
    proxy.awaitVersion("users", tables.change("users", "phase = 'COMPLETED'"));

    assertThat(answers(10)).containsOnly("service");
    assertThat(proxy.put(USER + 1).body()).isEqualTo("service");
  }

  @Test
  void acknowledgesAHoldOnlyWhenTheWriteInFlightHasItsAnswer() throws Exception {
    startWith(LONG);
    var arrived = new CompletableFuture<HttpServerRequest>();
    proxy.monolith.behave(arrived::complete);
    var inFlight = proxy.putLater(USER + 1);
    HttpServerRequest request = arrived.get(10, TimeUnit.SECONDS);

    long held = tables.hold("users");
    proxy.awaitVersion("users", held);
    var waiting = proxy.putLater(USER + 2);
    proxy.awaitWaiting("users", 1);
    assertThat(tables.acknowledged(proxy.id, "users").orElseThrow()).isLessThan(held);

    proxy.monolith.behave(proxy.monolith::answer);
    assertThat(proxy.get(USER + 1).body()).isEqualTo("monolith");
    assertThat(proxy.put("/api/v1/orders/1").body()).isEqualTo("monolith");
    assertThat(tables.acknowledged(proxy.id, "users").orElseThrow()).isLessThan(held);
    proxy.monolith.answer(request);
    assertThat(inFlight.get(10, TimeUnit.SECONDS).body()).isEqualTo("monolith");
    awaitAcknowledged(held);
    assertThat(waiting).isNotDone();
    awaitAcknowledged(tables.giveToService("users"));
    assertThat(waiting.get(10, TimeUnit.SECONDS).body()).isEqualTo("service");
  }

  @Test
  void sendsWhatWaitedInOrderOfArrivalToTheThenOwner() throws Exception {
    proxy.inSingleFile();
    startWith(LONG);
    awaitAcknowledged(tables.hold("users"));
    List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      waiting.add(proxy.putLater(USER + i));
      expected.add(USER + i);
      proxy.awaitWaiting("users", i + 1);
    }
    tables.giveToService("users");

    for (var answer : waiting) {
      assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("service");
    }
    assertThat(proxy.service.uris()).isEqualTo(expected);
    assertThat(proxy.monolith.received).isEmpty();
  }

  @Test
  void refusesWhatWaitsTooLongAndNeverSendsIt() throws Exception {
    startWith(200);
    awaitAcknowledged(tables.hold("users"));

    assertRefused(proxy.put(USER + 1), "waited for the end of a switch longer than it may");
    awaitAcknowledged(tables.giveToMonolith("users"));
    assertThat(proxy.put(USER + 2).body()).isEqualTo("monolith");
    assertThat(proxy.monolith.uris()).containsExactly(USER + 2);
  }

  @Test
  void refusesMoreThanItHolds() throws Exception {
    proxy.maxHeld(1);
    startWith(LONG);
    awaitAcknowledged(tables.hold("users"));
    var waiting = proxy.putLater(USER + 1);
    proxy.awaitWaiting("users", 1);

    assertRefused(proxy.put(USER + 2), "as many writes wait");
    tables.giveToMonolith("users");
    assertThat(waiting.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(proxy.monolith.uris()).containsExactly(USER + 1);
  }

  @Test
  void doesNotSendWhatAClientHungUpOn() throws Exception {
    startWith(LONG);
    awaitAcknowledged(tables.hold("users"));
    try (var socket = new Socket("127.0.0.1", proxy.port())) {
      socket.getOutputStream().write(("PUT " + USER + "1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}").getBytes(StandardCharsets.US_ASCII));
      proxy.awaitWaiting("users", 1);
    }
    proxy.awaitWaiting("users", 0);
    awaitAcknowledged(tables.giveToMonolith("users"));

    assertThat(proxy.put(USER + 2).statusCode()).isEqualTo(200);
    assertThat(proxy.monolith.uris()).containsExactly(USER + 2);
  }

  @Test
  void holdsALargeBodyInTheClientsConnection() throws Exception {
    startWith(LONG);
    proxy.service.behave(request -> request.body().onSuccess(body -> request.response().end(String.valueOf(body.length()))));
    awaitAcknowledged(tables.hold("users"));
    byte[] body = new byte[8 * 1024 * 1024];
    var waiting = proxy.client.sendAsync(proxy.request(USER + 1).PUT(ofByteArray(body)).build(), BodyHandlers.ofString());
    proxy.awaitWaiting("users", 1);
    tables.giveToService("users");

    assertThat(waiting.get(15, TimeUnit.SECONDS).body()).isEqualTo(String.valueOf(body.length));
  }

  @Test
  void goesOnWithTheLastRoutesWithoutTheDatabase() throws Exception {
    startWith(LONG);
    proxy.awaitVersion("users", tables.giveToService("users"));
    tables.cutOff();
    awaitFeed("lost");

    assertThat(proxy.put(USER + 1).body()).isEqualTo("service");
    assertThat(proxy.get("/api/v1/orders").body()).isEqualTo("monolith");
    assertThat(proxy.admin("/health").getString("status")).isEqualTo("DEGRADED");

    tables.comeBack();
    awaitAcknowledged(tables.giveToMonolith("users"));
    assertThat(proxy.put(USER + 2).body()).isEqualTo("monolith");
  }

  @Test
  void refusesHeldWritesWithoutTheDatabaseUntilItIsBack() throws Exception {
    startWith(300);
    awaitAcknowledged(tables.hold("users"));
    tables.cutOff();
    awaitFeed("lost");

    assertRefused(proxy.put(USER + 1), "The write wa");
    await().untilAsserted(() -> assertRefused(proxy.put(USER + 2), "control database is out of reach"));
    assertThat(proxy.get(USER + 1).body()).isEqualTo("monolith");
    assertThat(proxy.put("/api/v1/orders/1").body()).isEqualTo("monolith");

    tables.giveToService("users");
    tables.comeBack();
    await().until(() -> proxy.put(USER + 3).body().equals("service"));
    assertThat(proxy.monolith.uris()).doesNotContain(USER + 2, USER + 3);
    assertThat(proxy.service.uris()).containsExactly(USER + 3);
  }

  @Test
  void refusesEverythingWhileNothingIsKnown() throws Exception {
    tables.plan("users", proxy.monolith.port(), proxy.service.port(), LONG);
    tables.cutOff();
    proxy.start();

    assertRefused(proxy.get("/api/v1/orders"), "No routes are known yet");
    assertThat(proxy.admin("/health").getString("status")).isEqualTo("DOWN");
    tables.comeBack();
    await().until(() -> proxy.get("/api/v1/orders").body().equals("monolith"));
  }

  @Test
  void startsWithStaticRoutesWhereTheDatabaseIsOutOfReach() throws Exception {
    tables.cutOff();
    proxy.staticModules(Modules.module("orders", "STATIC", dev.banyan.control.client.Owner.MONOLITH, 0, 0, false, "/none/**")).start();

    assertThat(proxy.get("/api/v1/orders").body()).isEqualTo("monolith");
  }

  @Test
  void leavesAllToTheMonolithUntilTheControlTablesAreInstalled() throws Exception {
    tables.uninstall();
    proxy.start();
    assertThat(proxy.put(USER + 1).body()).isEqualTo("monolith");

    tables.install();
    tables.plan("users", proxy.monolith.port(), proxy.service.port(), LONG);
    awaitAcknowledged(tables.giveToService("users"));
    assertThat(proxy.put(USER + 2).body()).isEqualTo("service");
  }

  @Test
  void isOnTheListOfProxiesFromItsFirstRequestToItsLast() throws Exception {
    startWith(LONG);
    assertThat(tables.livingProxies(proxy.id)).isEqualTo(1);
    awaitAcknowledged(1);

    tables.execute("delete from banyan.proxy");
    await().until(() -> tables.livingProxies(proxy.id) == 1);
    awaitAcknowledged(1);

    proxy.stopProxy();
    assertThat(tables.livingProxies(proxy.id)).isZero();
  }

  @Test
  void refusesToGuessAtRoutesItCannotRead() throws Exception {
    startWith(LONG);
    awaitAcknowledged(1);
    tables.execute("update banyan.route set path = '/api/**/users'");
    long version = tables.change("users", "reads_percent = 100");
    awaitFeed("lost");

    assertThat(proxy.admin("/health").getJsonObject("feed").getString("problem")).contains("Path '/api/**/users'");
    assertThat(tables.acknowledged(proxy.id, "users")).isNotEqualTo(OptionalLong.of(version));
    assertThat(proxy.get(USER + 1).body()).isEqualTo("monolith");
  }

  private void startWith(long maxHoldMillis) throws Exception {
    tables.plan("users", proxy.monolith.port(), proxy.service.port(), maxHoldMillis);
    proxy.start();
  }

  private List<String> answers(int count) throws Exception {
    List<String> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      answers.add(proxy.get(USER + i).body());
    }
    return answers;
  }

  private void awaitAcknowledged(long version) {
    await().atMost(Duration.ofSeconds(10)).until(() -> tables.acknowledged(proxy.id, "users").equals(OptionalLong.of(version)));
  }

  private void awaitFeed(String state) {
    await().until(() -> proxy.admin("/health").getJsonObject("feed").getString("state").equals(state));
  }

  private static void assertRefused(HttpResponse<String> answer, String reason) {
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).contains("1");
    assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
    assertThat(answer.body()).contains(reason);
  }
}
