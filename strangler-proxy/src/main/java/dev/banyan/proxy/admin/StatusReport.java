package dev.banyan.proxy.admin;

import dev.banyan.proxy.feed.FeedStatus;
import dev.banyan.proxy.hold.ByteBudget;
import dev.banyan.proxy.hold.Gate;
import dev.banyan.proxy.hold.Switchboard;
import dev.banyan.proxy.route.ModuleState;
import dev.banyan.proxy.route.Route;
import dev.banyan.proxy.serve.Traffic;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** What the proxy knows and does at this moment, as JSON. */
public final class StatusReport {

  private final String proxy;
  private final Switchboard switchboard;
  private final ByteBudget heldBytes;
  private final Traffic traffic;
  private final Supplier<Optional<FeedStatus>> feed;

  /**
   * Creates the report's source.
   *
   * @param feed how the feed is; empty if there is none
   */
  public StatusReport(String proxy, Switchboard switchboard, ByteBudget heldBytes, Traffic traffic,
      Supplier<Optional<FeedStatus>> feed) {
    this.proxy = proxy;
    this.switchboard = switchboard;
    this.heldBytes = heldBytes;
    this.traffic = traffic;
    this.feed = feed;
  }

  boolean isServing() {
    return switchboard.position().isPresent();
  }

  JsonObject health() {
    boolean connected = feed.get().map(FeedStatus::connected).orElse(true);
    return new JsonObject()
        .put("status", !isServing() ? "DOWN" : connected ? "UP" : "DEGRADED")
        .put("proxy", proxy)
        .put("feed", feed());
  }

  JsonObject routes() {
    var modules = new JsonArray();
    switchboard.views().forEach(view -> modules.add(module(view)));
    var origins = new JsonObject();
    traffic.totals().forEach((origin, t) ->
        origins.put(origin, new JsonObject().put("requests", t.requests()).put("failures", t.failures())));
    return health().put("heldBytes", heldBytes.taken()).put("modules", modules).put("origins", origins);
  }

  private JsonObject feed() {
    return feed.get().map(status -> new JsonObject()
            .put("state", status.connected() ? "connected" : "lost")
            .put("ageMillis", status.age().map(Duration::toMillis).orElse(null))
            .put("problem", status.problem().orElse(null)))
        .orElseGet(() -> new JsonObject().put("state", "none"));
  }

  private static JsonObject module(Gate.View view) {
    ModuleState state = view.state();
    var routes = new JsonArray();
    state.routes().forEach(route -> routes.add(route(route)));
    return new JsonObject()
        .put("module", state.module())
        .put("phase", state.phase())
        .put("version", state.version())
        .put("inForce", state.inForce())
        .put("owner", state.owner().name())
        .put("held", state.isHeld())
        .put("readsPercent", state.readsPercent())
        .put("monolith", state.monolith().map(Object::toString).orElse(null))
        .put("service", state.service().map(Object::toString).orElse(null))
        .put("maxHoldMillis", state.maxHold().toMillis())
        .put("inFlight", view.inFlight())
        .put("waiting", view.waiting())
        .put("notSent", view.notSent())
        .put("routes", routes);
  }

  private static JsonObject route(Route route) {
    return new JsonObject()
        .put("path", route.pattern().toString())
        .put("methods", new JsonArray(route.methods().stream().sorted().toList()))
        .put("kind", route.access().map(Enum::name).orElse(null));
  }
}
