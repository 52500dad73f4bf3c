package dev.banyan.proxy.serve;

import dev.banyan.proxy.hold.ByteBudget;
import dev.banyan.proxy.hold.Switchboard;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.PoolOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The servers that clients talk to: one for each event loop, each with connections to the origins of its own. */
public final class DataPath {

  /** Shorter than what servers keep an idle connection for (5 s at the least), so that none is met while it closes. */
  private static final int KEEP_ALIVE_SECONDS = 4;

  /** Longer than any hold; a client that is silent in the middle of a request does not keep its place for ever. */
  private static final int CLIENT_IDLE_SECONDS = 180;

  private static final int MAX_HEADER_BYTES = 64 * 1024;

  private final Vertx vertx;
  private final ServeSettings settings;
  private final Switchboard switchboard;
  private final ByteBudget heldBytes;
  private final Traffic traffic;
  private final Collection<String> ownTowardsOrigins;
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();

  /**
   * Creates the data path; nobody listens before {@link #start()}.
   *
   * @param ownTowardsOrigins headers that {@code vertx} itself puts on what goes to an origin
   */
  public DataPath(Vertx vertx, ServeSettings settings, Switchboard switchboard, ByteBudget heldBytes, Traffic traffic,
      Collection<String> ownTowardsOrigins) {
    this.vertx = vertx;
    this.settings = settings;
    this.switchboard = switchboard;
    this.heldBytes = heldBytes;
    this.traffic = traffic;
    this.ownTowardsOrigins = ownTowardsOrigins;
  }

  /** Begins to listen, and tells the port. */
  public Future<Integer> start() {
    return vertx.deployVerticle(Loop::new, new DeploymentOptions().setInstances(settings.eventLoops()))
        .map(deployed -> servers.get(0).actualPort());
  }

  /** Takes no new requests, and completes when those under way have ended or the time is over. */
  public Future<Void> drain(long millis) {
    List<Future<Void>> ends = new ArrayList<>();
    servers.forEach(server -> ends.add(server.shutdown(millis, TimeUnit.MILLISECONDS)));
    return Future.join(ends).mapEmpty();
  }

  private final class Loop extends VerticleBase {

    @Override
    public Future<?> start() {
      var forwarder = new Forwarder(client(), new Headers(settings.trustForwarded(), ownTowardsOrigins), traffic, settings.originTimeout());
      HttpServer server = vertx.createHttpServer(serverOptions())
          .requestHandler(new RoutingHandler(vertx, switchboard, heldBytes, settings.monolith(), forwarder));
      // To Vert.x, a negative port is any free one that all loops share.
      return server.listen(settings.port() == 0 ? -1 : settings.port(), settings.host()).onSuccess(servers::add);
    }

    private HttpClient client() {
      var options = new HttpClientOptions()
          .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
          .setConnectTimeout(3_000)
          .setMaxHeaderSize(MAX_HEADER_BYTES)
          .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
          .setIdleTimeout((int) settings.originTimeout().toMillis());
      int connections = Math.max(1, settings.originConnections() / settings.eventLoops());
      return vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(connections));
    }

    private HttpServerOptions serverOptions() {
      // Plain HTTP/1.1: an upgrade in the middle of a held request would be a second way past the gate.
      return new HttpServerOptions()
          .setHttp2ClearTextEnabled(false)
          .setIdleTimeout(CLIENT_IDLE_SECONDS)
          .setMaxInitialLineLength(16 * 1024)
          .setMaxHeaderSize(MAX_HEADER_BYTES);
    }
  }
}
