package dev.banyan.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.proxy.RawClient.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of each write that meets a hold, byte by byte. */
class HoldIntegrationTests {

  private static final String USER = "/api/v1/users/";
  private static final String CHUNKED = "Transfer-Encoding: chunked";
  private static final int BUDGET = 1_000;
  private static final int RACING = 12;
  private static final long LONG = 15_000;

  private final ControlTables tables = ControlTables.shared();
  private ProxyFixture proxy;

  @BeforeEach
  void prepare() throws Exception {
    tables.reset();
    proxy = new ProxyFixture().control(tables.address()).maxHeldBytes(BUDGET);
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    await().until(() -> tables.connections() == 0);
  }

  @ParameterizedTest
  @CsvSource({"0, false", "0, true", "1, false", "1, true", "999, true", "1000, false", "1000, true"})
  void keepsABodyThatFitsAndSendsItAsItCame(int size, boolean chunked) throws Exception {
    startHeld();
    echo();
    String body = "b".repeat(size);
    try (var client = new RawClient(proxy.port())) {
      if (chunked) {
        client.put(USER + 1, CHUNKED);
        for (int from = 0; from < size; from += 400) {
          client.chunk(body.substring(from, Math.min(size, from + 400)));
        }
        client.lastChunk();
      } else {
        client.put(USER + 1, "Content-Length: " + size).send(body);
      }
      proxy.awaitWaiting("users", 1);
      proxy.awaitHeldBytes(size);
      awaitAcknowledged(tables.giveToService("users"));

      assertThat(client.answer().body()).isEqualTo("service " + body);
    }
    expectNothingKept();
    assertThat(proxy.service.received).hasSize(1);
  }

  /** Not a byte of the body is sent, so the answer cannot have waited for any. */
  @Test
  void refusesADeclaredLengthThatDoesNotFitBeforeItsFirstByte() throws Exception {
    startHeld();
    try (var client = new RawClient(proxy.port())) {
      assertTooLarge(client.put(USER + 1, "Content-Length: " + (BUDGET + 1)).answer());
    }
    expectNothingSentWhenReleased();
  }

  @Test
  void refusesAChunkedBodyWhenItHasGrownTooLarge() throws Exception {
    startHeld();
    try (var client = new RawClient(proxy.port())) {
      client.put(USER + 1, CHUNKED).chunk("b".repeat(600));
      proxy.awaitHeldBytes(600);
      assertThat(proxy.module("users").getInteger("waiting")).isEqualTo(1);

      assertTooLarge(client.chunk("b".repeat(401)).answer());
    }
    expectNothingSentWhenReleased();
  }

  /** Most clients send all of their request before they read; a reset connection would tell them nothing. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tellsAClientThatSendsBeforeItReads(boolean chunked) throws Exception {
    startHeld();
    String body = "b".repeat(8 * 1024 * 1024);
    try (var client = new RawClient(proxy.port())) {
      if (chunked) {
        client.put(USER + 1, CHUNKED).chunk(body).lastChunk();
      } else {
        client.put(USER + 1, "Content-Length: " + body.length()).send(body);
      }
      Answer answer = client.answer();
      assertTooLarge(answer);
      assertThat(answer.has("connection: close")).isTrue();
    }
    expectNothingSentWhenReleased();
  }

  @Test
  void sharesTheBytesAmongAllThatWaitAndTakesThemBack() throws Exception {
    startHeld();
    try (var first = new RawClient(proxy.port()); var second = new RawClient(proxy.port())) {
      first.put(USER + 1, "Content-Length: 600");
      proxy.awaitHeldBytes(600);
      assertTooLarge(second.put(USER + 2, "Content-Length: 401").answer());
    }
    proxy.awaitHeldBytes(0);
    try (var third = new RawClient(proxy.port())) {
      third.put(USER + 3, "Content-Length: 1000").send("b".repeat(1000));
      proxy.awaitWaiting("users", 1);
      tables.giveToMonolith("users");
      assertThat(third.answer().status()).isEqualTo(200);
    }
    assertThat(proxy.monolith.uris()).containsExactly(USER + 3);
    expectNothingKept();
  }

  /** The last one is more than the connection's own buffers take. */
  @ParameterizedTest
  @CsvSource({"10, 0", "10, 5", "10, 10", "30000000, 20000000"})
  void dropsAWriteWhoseClientHangsUpWhereverItsBodyIs(int declared, int sent) throws Exception {
    proxy.maxHeldBytes(40_000_000);
    startHeld();
    try (var client = new RawClient(proxy.port())) {
      client.put(USER + 1, "Content-Length: " + declared).send("b".repeat(sent));
      proxy.awaitWaiting("users", 1);
    }
    proxy.awaitWaiting("users", 0);
    expectNothingSentWhenReleased();
  }

  @Test
  void dropsAChunkedWriteWhoseClientHangsUpInTheMiddle() throws Exception {
    startHeld();
    try (var client = new RawClient(proxy.port())) {
      client.put(USER + 1, CHUNKED).chunk("half");
      proxy.awaitHeldBytes(4);
    }
    expectNothingSentWhenReleased();
  }

  @Test
  void sendsNothingOfABodyThatIsNotHereInFull() throws Exception {
    startHeld();
    echo();
    try (var staying = new RawClient(proxy.port()); var going = new RawClient(proxy.port())) {
      staying.put(USER + 1, "Content-Length: 8").send("half");
      going.put(USER + 2, "Content-Length: 8").send("half");
      proxy.awaitWaiting("users", 2);
      awaitAcknowledged(tables.giveToService("users"));
      assertThat(proxy.module("users").getInteger("inFlight")).isEqualTo(2);
      going.close();
      await().until(() -> proxy.module("users").getInteger("inFlight") == 1);
      assertThat(proxy.service.connections).hasValue(0);

      assertThat(staying.send("half").answer().body()).isEqualTo("service halfhalf");
    }
    assertThat(proxy.service.uris()).containsExactly(USER + 1);
    expectNothingKept();
    awaitAcknowledged(tables.hold("users"));
  }

  @Test
  void asksAClientForItsBodyWhenItMayBeSent() throws Exception {
    startHeld();
    echo();
    try (var client = new RawClient(proxy.port())) {
      client.put(USER + 1, "Expect: 100-continue\nContent-Length: 5");
      proxy.awaitWaiting("users", 1);
      tables.giveToService("users");

      assertThat(client.answer().status()).isEqualTo(100);
      assertThat(client.send("hello").answer().body()).isEqualTo("service hello");
    }
    expectNothingKept();
  }

  @Test
  void answersEachWriteOfAConnectionOnceAndInOrder() throws Exception {
    startHeld();
    proxy.service.behave(request -> request.body().onSuccess(body -> request.response().end(request.uri())));
    try (var client = new RawClient(proxy.port())) {
      client.put(USER + 1, "Content-Length: 2").send("{}").put(USER + 2, CHUNKED).chunk("{}").lastChunk()
          .put(USER + 3, "Content-Length: 2\nConnection: close").send("{}");
      proxy.awaitWaiting("users", 1);
      tables.giveToService("users");

      for (int i = 1; i <= 3; i++) {
        assertThat(client.answer().body()).isEqualTo(USER + i);
      }
      assertThat(client.rest()).isEmpty();
    }
    assertThat(proxy.service.uris()).containsExactly(USER + 1, USER + 2, USER + 3);
  }

  @Test
  void passesTheIdempotencyKeyOfAHeldWriteOnUntouched() throws Exception {
    startHeld();
    String key = "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"; x=1,  2";
    try (var client = new RawClient(proxy.port())) {
      client.put(USER + 1, "idempotency-KEY: " + key + "\nContent-Length: 2").send("{}");
      proxy.awaitWaiting("users", 1);
      tables.giveToService("users");
      assertThat(client.answer().status()).isEqualTo(200);
    }
    assertThat(proxy.service.received.get(0).headers().getAll("Idempotency-Key")).containsExactly(key);
  }

  /** The hold ends as soon as the first write has waited too long, while the time of the others runs out. */
  @Test
  void neitherSendsNorAnswersTwiceWhatIsReleasedAsItsTimeRunsOut() throws Exception {
    startWith(100);
    ExecutorService threads = Executors.newFixedThreadPool(2 * RACING);
    List<Integer> statuses = new ArrayList<>();
    try {
      for (int round = 0; round < 15; round++) {
        statuses.addAll(raceTimeAgainstRelease(threads, round));
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(statuses).containsOnly(200, 503);
    expectNothingKept();
  }

  private List<Integer> raceTimeAgainstRelease(ExecutorService threads, int round) throws Exception {
    awaitAcknowledged(tables.hold("users"));
    proxy.monolith.received.clear();
    CompletionService<Integer> writers = new ExecutorCompletionService<>(threads);
    submit(writers, round + "-early-");
    List<Integer> statuses = new ArrayList<>(List.of(writers.take().get(20, TimeUnit.SECONDS)));
    submit(writers, round + "-late-");
    awaitAcknowledged(tables.giveToMonolith("users"));
    while (statuses.size() < 2 * RACING) {
      statuses.add(writers.take().get(20, TimeUnit.SECONDS));
    }
    List<String> writes = proxy.monolith.uris().stream().filter(uri -> uri.startsWith(USER)).toList();
    assertThat(writes).hasSize(Collections.frequency(statuses, 200)).doesNotHaveDuplicates();
    return statuses;
  }

  private void submit(CompletionService<Integer> writers, String name) {
    for (int i = 0; i < RACING; i++) {
      writers.submit(writeThenRead(USER + name + i));
    }
  }

  /** What follows on the connection shows that the first answer came once. */
  private Callable<Integer> writeThenRead(String path) {
    return () -> {
      try (var client = new RawClient(proxy.port())) {
        int status = client.put(path, "Content-Length: 2").send("{}").answer().status();
        Answer next = client.send("GET /orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").answer();
        assertThat(next.body()).isEqualTo("monolith");
        assertThat(client.rest()).isEmpty();
        return status;
      }
    };
  }

  @Test
  void aProxyThatJoinsDuringAHoldHoldsAsWell() throws Exception {
    startHeld();
    try (var joining = new ProxyFixture().control(tables.address())) {
      joining.start();
      var held = joining.putLater(USER + 1);
      joining.awaitWaiting("users", 1);
      await().until(() -> tables.acknowledged(joining.id, "users").equals(tables.acknowledged(proxy.id, "users")));
      assertThat(joining.monolith.connections).hasValue(0);

      tables.giveToService("users");
      assertThat(held.get(10, TimeUnit.SECONDS).body()).isEqualTo("service");
    }
    assertThat(proxy.service.uris()).containsExactly(USER + 1);
  }

  @Test
  void whatAKilledProxyHeldIsClosedUnansweredAndNeverSent() throws Exception {
    startHeld();
    try (var killed = ProxyProcess.start(tables.address(), proxy.monolith.port()); var client = new RawClient(killed.port())) {
      await().until(() -> tables.acknowledged(killed.id(), "users").equals(tables.acknowledged(proxy.id, "users")));
      var answer = new CompletableFuture<String>();
      client.put(USER + 1, "Content-Length: 2").send("{}");
      killed.awaitWaiting(1);
      killed.kill();

      answer.completeAsync(() -> restOrReset(client));
      assertThat(answer.get(15, TimeUnit.SECONDS)).isEmpty();
      // A mover waits for it no longer than this.
      await().atMost(Duration.ofSeconds(8)).until(() -> tables.livingProxies(killed.id()) == 0);
    }
    expectNothingSentWhenReleased();
  }

  private static String restOrReset(RawClient client) {
    try {
      return client.rest();
    } catch (IOException reset) {
      return "";
    }
  }

  private void startWith(long maxHoldMillis) throws Exception {
    tables.plan("users", proxy.monolith.port(), proxy.service.port(), maxHoldMillis);
    proxy.start();
  }

  private void startHeld() throws Exception {
    startWith(LONG);
    awaitAcknowledged(tables.hold("users"));
  }

  private void echo() {
    proxy.service.behave(request -> request.body().onSuccess(body -> request.response().end("service " + body)));
  }

  private void awaitAcknowledged(long version) {
    await().atMost(Duration.ofSeconds(10)).until(() -> tables.acknowledged(proxy.id, "users").equals(OptionalLong.of(version)));
  }

  private void expectNothingKept() {
    await().until(() -> proxy.routes().getLong("heldBytes") == 0);
    await().until(() -> proxy.module("users").getInteger("waiting") == 0);
    await().until(() -> proxy.module("users").getInteger("inFlight") == 0);
  }

  /** The next write goes there, by then with nothing before it. */
  private void expectNothingSentWhenReleased() throws Exception {
    expectNothingKept();
    awaitAcknowledged(tables.giveToService("users"));
    assertThat(proxy.monolith.connections).hasValue(0);
    assertThat(proxy.service.connections).hasValue(0);
    assertThat(proxy.put(USER + "next").statusCode()).isEqualTo(200);
    assertThat(proxy.service.uris()).containsExactly(USER + "next");
  }

  private static void assertTooLarge(Answer answer) {
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.has("retry-after: 1")).isTrue();
    assertThat(answer.has("content-type: application/problem+json")).isTrue();
    assertThat(answer.body()).contains("was not held: its body does not fit", "It was not sent anywhere; try again.");
  }
}
