package dev.banyan.proxy;

import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.awaitility.Awaitility.await;

import dev.banyan.proxy.feed.ControlAddress;
import dev.banyan.proxy.route.ModuleState;
import dev.banyan.proxy.route.Origin;
import dev.banyan.proxy.serve.ServeSettings;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A proxy between real clients and two real origins. */
final class ProxyFixture implements AutoCloseable {

  final String id = "proxy-" + UUID.randomUUID();
  final Vertx vertx = Vertx.vertx();
  final Upstream monolith;
  final Upstream service;
  final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private Optional<ControlAddress> control = Optional.empty();
  private List<ModuleState> staticModules = List.of();
  private int maxHeld = 100;
  private long maxHeldBytes = 64 * 1024 * 1024;
  private int eventLoops = 2;
  private int originConnections = 64;
  private Duration originTimeout = Duration.ofSeconds(30);
  private Map<String, String> environment = Map.of();
  private StranglerProxy proxy;

  ProxyFixture() throws Exception {
    monolith = new Upstream(vertx, "monolith");
    service = new Upstream(vertx, "service");
  }

  ProxyFixture control(ControlAddress address) {
    control = Optional.of(address);
    return this;
  }

  ProxyFixture staticModules(ModuleState... modules) {
    staticModules = List.of(modules);
    return this;
  }

  ProxyFixture maxHeld(int most) {
    maxHeld = most;
    return this;
  }

  ProxyFixture maxHeldBytes(long most) {
    maxHeldBytes = most;
    return this;
  }

  /** Everything to an origin through one connection, so that the order of sending is the order of arrival. */
  ProxyFixture inSingleFile() {
    eventLoops = 1;
    originConnections = 1;
    return this;
  }

  ProxyFixture originTimeout(Duration longest) {
    originTimeout = longest;
    return this;
  }

  ProxyFixture environment(Map<String, String> variables) {
    environment = variables;
    return this;
  }

  ProxyFixture start() throws InterruptedException {
    var serve = new ServeSettings("127.0.0.1", 0, new Origin("127.0.0.1", monolith.port(), false), eventLoops, originConnections,
        originTimeout, false);
    proxy = StranglerProxy.start(new ProxySettings(id, serve, maxHeld, maxHeldBytes, control, staticModules, "127.0.0.1", OptionalInt.of(0), environment));
    return this;
  }

  int port() {
    return proxy.port();
  }

  void stopProxy() {
    proxy.close();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.port() + path)).timeout(Duration.ofSeconds(20));
  }

  HttpResponse<String> get(String path) throws Exception {
    return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> put(String path) throws Exception {
    return putLater(path).get(20, TimeUnit.SECONDS);
  }

  CompletableFuture<HttpResponse<String>> putLater(String path) {
    return client.sendAsync(request(path).PUT(ofString("{}")).build(), HttpResponse.BodyHandlers.ofString());
  }

  JsonObject routes() throws Exception {
    return admin("/routes");
  }

  JsonObject admin(String path) throws Exception {
    return new JsonObject(adminText(path));
  }

  String adminText(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + proxy.adminPort().orElseThrow() + path);
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString()).body();
  }

  JsonObject module(String name) throws Exception {
    return routes().getJsonArray("modules").stream().map(JsonObject.class::cast)
        .filter(module -> module.getString("module").equals(name)).findFirst().orElse(new JsonObject());
  }

  void awaitVersion(String module, long version) {
    await().until(() -> module(module).getLong("version", -1L) == version);
  }

  void awaitHeldBytes(long count) {
    await().until(() -> routes().getLong("heldBytes") == count);
  }

  void awaitWaiting(String module, int count) {
    await().until(() -> module(module).getInteger("waiting", -1) == count);
  }

  @Override
  public void close() throws Exception {
    if (proxy != null) {
      proxy.close();
    }
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
