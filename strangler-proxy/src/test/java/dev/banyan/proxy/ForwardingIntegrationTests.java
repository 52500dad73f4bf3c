package dev.banyan.proxy;

import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static java.net.http.HttpRequest.BodyPublishers.ofByteArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.client.Owner;
import dev.banyan.proxy.route.Access;
import dev.banyan.proxy.route.ModuleState;
import dev.banyan.proxy.route.Origin;
import dev.banyan.proxy.route.Route;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a proxy without control tables does with requests. */
class ForwardingIntegrationTests {

  private ProxyFixture proxy;

  /** Clients live in fields: Vert.x closes one, with its connections, as soon as nothing refers to it. */
  private WebSocketClient webSockets;
  private HttpClient echoes;

  @BeforeEach
  void start() throws Exception {
    proxy = new ProxyFixture();
    proxy.staticModules(users(proxy.service.port())).start();
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
  }

  @Test
  void sendsWhatNoModuleClaimsToTheMonolith() throws Exception {
    assertThat(proxy.get("/api/v1/orders/1?a=b%20c").body()).isEqualTo("monolith");
    assertThat(proxy.put("/api/v1/users/1").body()).isEqualTo("service");
    assertThat(proxy.monolith.uris()).containsExactly("/api/v1/orders/1?a=b%20c");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/%75sers/1", "//api/v1/users/1", "/api/v1/orders/../users/1", "/api/v1/orders/%2e%2e/users/1",
      "/api/v1/users;x=y/1", "/api/v1/orders/..;/users/1"})
  void noWayToWriteAPathLeadsPastItsModule(String path) throws Exception {
    assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).contains("x-origin: service");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1%2fusers/1", "/api/..%5cusers", "/../etc", "/a%00"})
  void refusesPathsThatOriginsMayUnderstandDifferently(String path) throws Exception {
    assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400").contains("application/problem+json");
    assertThat(proxy.monolith.received).isEmpty();
    assertThat(proxy.service.received).isEmpty();
  }

  @Test
  void tellsTheOriginWhoAskedForWhatAndPassesTheRestOnUntouched() throws Exception {
    raw("""
        PUT /orders/1 HTTP/1.1
        Host: shop.example
        Idempotency-Key: "k-1"
        X-Forwarded-For: 1.2.3.4
        X-Forwarded-Proto: gopher
        Connection: close
        Connection: X-Mine
        X-Mine: secret
        Keep-Alive: timeout=5
        TE: trailers
        X-Twice: a
        X-Twice: b
        Content-Length: 0

        """.replace("\n", "\r\n"));

    var headers = proxy.monolith.received.get(0).headers();
    assertThat(headers.get("x-forwarded-for")).isEqualTo("127.0.0.1");
    assertThat(headers.get("x-forwarded-host")).isEqualTo("shop.example");
    assertThat(headers.get("x-forwarded-proto")).isEqualTo("http");
    assertThat(headers.get("host")).isEqualTo("127.0.0.1:" + proxy.monolith.port());
    assertThat(headers.get("idempotency-key")).isEqualTo("\"k-1\"");
    assertThat(headers.getAll("x-twice")).containsExactly("a", "b");
    assertThat(headers.names()).doesNotContain("X-Mine", "Keep-Alive", "TE", "Connection");
  }

  @Test
  void keepsTheConnectionsHeadersOfTheOriginToItself() throws Exception {
    proxy.monolith.behave(request -> request.response().putHeader("connection", "close, x-mine").putHeader("x-mine", "1")
        .putHeader("keep-alive", "timeout=1").putHeader("set-cookie", List.<String>of("a=1", "b=2")).end());

    HttpResponse<String> answer = proxy.get("/x");

    assertThat(answer.headers().map()).doesNotContainKeys("connection", "x-mine", "keep-alive");
    assertThat(answer.headers().allValues("set-cookie")).containsExactly("a=1", "b=2");
  }

  @Test
  void passesAnswersWithoutABodyOn() throws Exception {
    proxy.monolith.behave(request -> {
      switch (request.path()) {
        case "/204" -> request.response().setStatusCode(204).end();
        case "/304" -> request.response().setStatusCode(304).putHeader("etag", "\"1\"").end();
        default -> request.response().putHeader("content-length", "5").end();
      }
    });

    assertThat(proxy.get("/204").statusCode()).isEqualTo(204);
    assertThat(proxy.get("/304").statusCode()).isEqualTo(304);
    HttpRequest head = proxy.request("/head").method("HEAD", noBody()).build();
    assertThat(proxy.client.send(head, BodyHandlers.ofString()).headers().firstValue("content-length")).contains("5");
    assertThat(proxy.get("/204").statusCode()).isEqualTo(204);
  }

  /** The client has to read while it writes, or all buffers on the way fill up; Java's own client does not. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void streamsLargeBodiesBothWaysAtTheSameTime(boolean chunked) throws Exception {
    byte[] body = new byte[40 * 1024 * 1024];
    new Random(1).nextBytes(body);
    proxy.monolith.behave(request -> {
      request.response().setChunked(true);
      request.pipeTo(request.response());
    });

    echoes = proxy.vertx.createHttpClient();
    Buffer echo = echoes.request(HttpMethod.POST, proxy.port(), "127.0.0.1", "/echo")
        .compose(request -> request.setChunked(chunked).send(Buffer.buffer(body)))
        .compose(HttpClientResponse::body)
        .toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);

    assertThat(echo.getBytes()).isEqualTo(body);
  }

  @Test
  void letsAClientThatAsksFirstSendItsBody() throws Exception {
    proxy.monolith.behave(request -> request.body().onSuccess(body -> request.response().end(body)));
    HttpRequest asking = proxy.request("/x").expectContinue(true).PUT(ofByteArray("hello".getBytes(StandardCharsets.UTF_8))).build();

    assertThat(proxy.client.send(asking, BodyHandlers.ofString()).body()).isEqualTo("hello");
  }

  @Test
  void passesWebSocketsOn() throws Exception {
    var answer = new CompletableFuture<String>();
    webSockets = proxy.vertx.createWebSocketClient();
    webSockets.connect(new WebSocketConnectOptions().setHost("127.0.0.1").setPort(proxy.port()).setURI("/api/v1/users/socket"))
        .onSuccess(socket -> {
          socket.textMessageHandler(text -> socket.close().onComplete(closed -> answer.complete(text)));
          socket.writeTextMessage("hello");
        })
        .onFailure(answer::completeExceptionally);

    assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("service hello");
  }

  @Test
  void saysThatNothingWasSentWhereAnOriginCannotBeReached() throws Exception {
    int free = unusedPort();
    try (var other = new ProxyFixture().staticModules(users(free)).start()) {
      HttpResponse<String> answer = other.put("/api/v1/users/1");

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("retry-after")).contains("1");
      assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
      assertThat(answer.body()).contains("http://127.0.0.1:" + free + " cannot be reached. Nothing was sent there");
    }
  }

  @Test
  void neverRepeatsAWriteThatAnOriginMayHaveSeen() throws Exception {
    proxy.service.behave(request -> request.body().onSuccess(body -> request.connection().close()));

    HttpResponse<String> answer = proxy.put("/api/v1/users/1");

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).contains("Whether it did what was asked is unknown");
    assertThat(proxy.service.received).hasSize(1);
    assertThat(proxy.get("/api/v1/orders").body()).isEqualTo("monolith");
  }

  @Test
  void repeatsAReadOnceThatMetAClosingConnection() throws Exception {
    var attempts = new AtomicInteger();
    proxy.service.behave(request -> {
      if (attempts.incrementAndGet() == 1) {
        request.connection().close();
      } else {
        proxy.service.answer(request);
      }
    });

    assertThat(proxy.get("/api/v1/users/1").body()).isEqualTo("service");
    assertThat(attempts).hasValue(2);
  }

  /** It may have done what it was asked before it closed the connection. */
  @Test
  void neverRepeatsAGetThatThePlanCallsAWrite() throws Exception {
    try (var other = new ProxyFixture()) {
      var route = Route.of("/api/v1/users/**", List.of(), Optional.of(Access.WRITE));
      other.staticModules(users(other.service.port(), route)).start();
      other.service.behave(request -> request.connection().close());

      assertThat(other.get("/api/v1/users/1/visit").statusCode()).isEqualTo(502);
      assertThat(other.service.received).hasSize(1);
    }
  }

  /** Sent once more, a read would wait for twice as long, and be told that the origin has broken off. */
  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT"})
  void saysThatAnOriginWasSilentAndAsksItOnce(String method) throws Exception {
    try (var impatient = new ProxyFixture().originTimeout(Duration.ofMillis(500)).start()) {
      impatient.monolith.behave(request -> {});
      var answer = impatient.client.send(impatient.request("/api/v1/orders/1").method(method, noBody()).build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(504);
      assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
      assertThat(answer.body()).contains("did not answer in time");
      assertThat(impatient.monolith.received).hasSize(1);
    }
  }

  @Test
  void breaksTheAnswerOffWhereTheOriginDoes() throws Exception {
    proxy.service.behave(request -> {
      request.response().putHeader("content-length", "1000").write(Buffer.buffer("half"));
      proxy.vertx.runOnContext(written -> request.connection().close());
    });

    String answer = raw("GET /api/v1/users/1 HTTP/1.1\r\nHost: x\r\n\r\n");

    assertThat(answer).doesNotEndWith("\r\n0\r\n\r\n");
    assertThat(answer.length()).isLessThan(1000);
  }

  @Test
  void tellsTheOriginWhenTheClientHasGone() throws Exception {
    var arrived = new CompletableFuture<Void>();
    var gone = new CompletableFuture<Void>();
    proxy.service.behave(request -> {
      request.response().closeHandler(gone::complete);
      arrived.complete(null);
    });
    try (var socket = new Socket("127.0.0.1", proxy.port())) {
      socket.getOutputStream().write("PUT /api/v1/users/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      arrived.get(10, TimeUnit.SECONDS);
    }

    gone.get(10, TimeUnit.SECONDS);
    await().until(() -> proxy.module("users").getInteger("inFlight") == 0);
  }

  /** Whatever comes: a write that is not under way any more must not be waited for. */
  @ParameterizedTest
  @ValueSource(strings = {"Host: a b[", "Host: x\r\nContent-Length: 5", "Host: x\r\nTransfer-Encoding: chunked", "Host:",
      "Host: x\r\nExpect: 100-continue\r\nContent-Length: 3", "X-Nothing: 1"})
  void countsNoWriteForEver(String header) throws Exception {
    try (var socket = new Socket("127.0.0.1", proxy.port())) {
      socket.getOutputStream().write(("PUT /api/v1/users/1 HTTP/1.1\r\n" + header + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      await().until(() -> total("requests") >= 1 || total("failures") >= 1);
    }

    await().until(() -> proxy.module("users").getInteger("inFlight") == 0);
  }

  private long total(String what) throws Exception {
    return proxy.routes().getJsonObject("origins").stream()
        .mapToLong(origin -> ((io.vertx.core.json.JsonObject) origin.getValue()).getLong(what)).sum();
  }

  @Test
  void endsAWriteWhoseClientHangsUpInTheMiddleOfBothBodies() throws Exception {
    var begun = new CompletableFuture<Void>();
    proxy.service.behave(request -> {
      request.response().setChunked(true);
      request.pipeTo(request.response());
      begun.complete(null);
    });
    try (var socket = new Socket("127.0.0.1", proxy.port())) {
      var out = socket.getOutputStream();
      out.write("PUT /api/v1/users/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.write(new byte[1024 * 1024]);
      begun.get(10, TimeUnit.SECONDS);
      assertThat(socket.getInputStream().read()).isEqualTo('H');
    }

    await().until(() -> proxy.module("users").getInteger("inFlight") == 0);
  }

  /** An answer that cannot be passed on ends there, and so does the request. */
  @Test
  void refusesAnAnswerWhoseFramingItCannotPassOn() throws Exception {
    var server = proxy.vertx.createNetServer().connectHandler(socket -> socket.handler(request -> socket.write(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n")));
    int port = server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS).actualPort();
    try (var other = new ProxyFixture().staticModules(users(port)).start()) {
      assertThat(other.put("/api/v1/users/1").statusCode()).isEqualTo(502);
      await().until(() -> other.module("users").getInteger("inFlight") == 0);
    }
  }

  @Test
  void refusesAFramingItCannotPassOn() throws Exception {
    assertThat(raw("PUT /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\nConnection: close\r\n\r\n0\r\n\r\n"))
        .startsWith("HTTP/1.1 400");
    assertThat(proxy.monolith.received).isEmpty();
  }

  @Test
  void showsWhatItDoes() throws Exception {
    proxy.get("/api/v1/users/1");

    assertThat(proxy.admin("/health").getString("status")).isEqualTo("UP");
    assertThat(proxy.module("users").getString("owner")).isEqualTo("SERVICE");
    assertThat(proxy.routes().getJsonObject("origins").getJsonObject("http://127.0.0.1:" + proxy.service.port()).getLong("requests"))
        .isEqualTo(1);
    assertThat(proxy.adminText("/")).contains("<title>Banyan proxy</title>");
  }

  private static ModuleState users(int servicePort) {
    return users(servicePort, Route.of("/api/v1/users/**"));
  }

  private static ModuleState users(int servicePort, Route route) {
    return new ModuleState("users", ModuleState.STATIC, Owner.SERVICE, 0, 0, false, Optional.empty(),
        Optional.of(new Origin("127.0.0.1", servicePort, false)), Duration.ZERO, List.of(route));
  }

  private static int unusedPort() throws Exception {
    try (var socket = new java.net.ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private String raw(String request) throws Exception {
    try (var socket = new Socket("127.0.0.1", proxy.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
