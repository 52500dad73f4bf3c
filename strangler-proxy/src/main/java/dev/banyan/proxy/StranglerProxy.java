package dev.banyan.proxy;

import dev.banyan.proxy.admin.AdminServer;
import dev.banyan.proxy.admin.StatusReport;
import dev.banyan.proxy.feed.ControlFeed;
import dev.banyan.proxy.hold.ByteBudget;
import dev.banyan.proxy.hold.HoldBudget;
import dev.banyan.proxy.hold.Switchboard;
import dev.banyan.proxy.serve.DataPath;
import dev.banyan.proxy.serve.Traffic;
import dev.banyan.proxy.telemetry.Metrics;
import dev.banyan.proxy.telemetry.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running proxy: routes follow the control tables, requests follow the routes.
 *
 * <p>It begins to listen after the first attempt to read the control tables. It stops in the opposite order: no new
 * requests, those under way to their end, and only then off the list of proxies that a mover waits for.
 */
public final class StranglerProxy implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(StranglerProxy.class);
  private static final long DRAIN_MILLIS = 10_000;

  private final ProxySettings settings;
  private final Tracing tracing;
  private final Vertx vertx;
  private final Switchboard switchboard;
  private final Traffic traffic = new Traffic();
  private final ByteBudget heldBytes;
  private final Metrics metrics;
  private final DataPath dataPath;
  private final @Nullable ControlFeed feed;
  private final AtomicBoolean closed = new AtomicBoolean();
  private int port;
  private OptionalInt adminPort = OptionalInt.empty();

  private StranglerProxy(ProxySettings settings) {
    this.settings = settings;
    this.tracing = Tracing.of(settings.environment());
    this.vertx = tracing.in(Vertx.builder().with(new VertxOptions().setEventLoopPoolSize(settings.serve().eventLoops()))).build();
    this.switchboard = new Switchboard(new HoldBudget(settings.maxHeld()), System::nanoTime, this::drained);
    this.heldBytes = new ByteBudget(settings.maxHeldBytes());
    this.metrics = new Metrics(switchboard, heldBytes, traffic);
    this.dataPath = new DataPath(vertx, settings.serve(), switchboard, heldBytes, traffic, tracing.headers());
    this.feed = settings.control()
        .map(address -> new ControlFeed(address, settings.id(), switchboard, settings.staticModules()))
        .orElse(null);
  }

  /**
   * Starts a proxy.
   *
   * @throws IllegalStateException if it cannot listen
   */
  public static StranglerProxy start(ProxySettings settings) throws InterruptedException {
    var proxy = new StranglerProxy(settings);
    try {
      proxy.start();
      return proxy;
    } catch (RuntimeException | InterruptedException e) {
      proxy.close();
      throw e;
    }
  }

  private void start() throws InterruptedException {
    if (feed == null || !settings.staticModules().isEmpty()) {
      switchboard.apply(settings.staticModules());
    }
    if (feed != null) {
      feed.start();
    }
    port = await(dataPath.start(), "listen on " + settings.serve().host() + ":" + settings.serve().port());
    if (settings.adminPort().isPresent()) {
      var report = new StatusReport(settings.id(), switchboard, heldBytes, traffic, () -> Optional.ofNullable(feed).map(ControlFeed::status));
      adminPort = OptionalInt.of(await(new AdminServer(vertx, report, metrics)
          .start(settings.adminHost(), settings.adminPort().getAsInt()), "listen on admin port " + settings.adminPort().getAsInt()));
    }
  }

  /** Returns the port that clients talk to. */
  public int port() {
    return port;
  }

  /** Returns the administrator's port; empty if there is none. */
  public OptionalInt adminPort() {
    return adminPort;
  }

  private void drained() {
    if (feed != null) {
      feed.acknowledge();
    }
  }

  /** Stops the proxy; a second call does nothing. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    quietly(dataPath.drain(DRAIN_MILLIS));
    if (feed != null) {
      feed.close();
    }
    quietly(vertx.close());
    metrics.close();
    tracing.close();
  }

  private static <T> T await(Future<T> future, String purpose) throws InterruptedException {
    try {
      return future.toCompletionStage().toCompletableFuture().get(15, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("Cannot " + purpose + ": " + e.getMessage(), e);
    }
  }

  private static void quietly(Future<Void> end) {
    try {
      end.toCompletionStage().toCompletableFuture().get(DRAIN_MILLIS + 5_000, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.debug("Not everything stopped in order", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
