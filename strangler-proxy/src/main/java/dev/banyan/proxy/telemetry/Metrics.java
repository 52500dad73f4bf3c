package dev.banyan.proxy.telemetry;

import dev.banyan.proxy.hold.ByteBudget;
import dev.banyan.proxy.hold.Gate;
import dev.banyan.proxy.hold.Switchboard;
import dev.banyan.proxy.serve.Traffic;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/** The proxy's numbers in the form that Prometheus reads; they are taken when they are asked for, not while requests pass. */
public final class Metrics implements AutoCloseable {

  private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Switchboard switchboard;
  private final Traffic traffic;
  private final Set<String> origins = ConcurrentHashMap.newKeySet();
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final MultiGauge inFlight = gauges("banyan.proxy.writes.in.flight", "Writes at their origin");
  private final MultiGauge waiting = gauges("banyan.proxy.writes.held", "Writes that wait for the end of a switch");
  private final MultiGauge notSent = gauges("banyan.proxy.writes.not.sent", "Writes that were held and answered with 503, since the start");
  private final MultiGauge version = gauges("banyan.proxy.route.version", "Version of the routes in force");

  /** Creates the metrics of one proxy. */
  public Metrics(Switchboard switchboard, ByteBudget heldBytes, Traffic traffic) {
    this.switchboard = switchboard;
    this.traffic = traffic;
    Gauge.builder("banyan.proxy.held.bytes", heldBytes, ByteBudget::taken).description("Bytes of the bodies of held writes").register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  private MultiGauge gauges(String name, String description) {
    return MultiGauge.builder(name).description(description).register(registry);
  }

  /** Returns all numbers as they are now. */
  public String text() {
    Collection<Gate.View> views = switchboard.views();
    take(inFlight, views, Gate.View::inFlight);
    take(waiting, views, Gate.View::waiting);
    take(notSent, views, Gate.View::notSent);
    take(version, views, view -> view.state().version());
    traffic.totals().keySet().stream().filter(origins::add).forEach(origin -> count(registry, origin));
    return registry.scrape();
  }

  private static void take(MultiGauge gauge, Collection<Gate.View> views, ToDoubleFunction<Gate.View> number) {
    gauge.register(views.stream().<MultiGauge.Row<?>>map(view -> MultiGauge.Row.of(
        Tags.of("module", view.state().module(), "owner", view.state().owner().name()), view, number)).toList(), true);
  }

  private void count(MeterRegistry to, String origin) {
    FunctionCounter.builder("banyan.proxy.requests", traffic, counts -> of(counts, origin).requests())
        .description("Requests sent to an origin").tag("origin", origin).register(to);
    FunctionCounter.builder("banyan.proxy.failures", traffic, counts -> of(counts, origin).failures())
        .description("Requests that an origin did not answer").tag("origin", origin).register(to);
  }

  private static Traffic.Totals of(Traffic counts, String origin) {
    return counts.totals().getOrDefault(origin, new Traffic.Totals(0, 0));
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
