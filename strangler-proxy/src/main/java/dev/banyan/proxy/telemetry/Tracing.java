package dev.banyan.proxy.telemetry;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.vertx.core.VertxBuilder;
import io.vertx.tracing.opentelemetry.OpenTelemetryTracingFactory;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The proxy's part in traces: a span for each request and one for what was sent to the origin, which the origin goes on
 * from. On where OpenTelemetry's own environment variables name somebody who takes them; off, it costs nothing, and a
 * client's trace passes through untouched.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/">OpenTelemetry's variables</a>
 */
public final class Tracing implements AutoCloseable {

  private static final String PREFIX = "OTEL_";
  private static final long FLUSHED_WITHIN_SECONDS = 5;
  // Whoever sets variables of his own overrides these.
  private static final Map<String, String> DEFAULTS = Map.of("otel.service.name", "strangler-proxy",
      "otel.metrics.exporter", "none", "otel.logs.exporter", "none", "otel.exporter.otlp.protocol", "http/protobuf");

  private final @Nullable OpenTelemetrySdk telemetry;

  private Tracing(@Nullable OpenTelemetrySdk telemetry) {
    this.telemetry = telemetry;
  }

  /**
   * Returns tracing as an environment asks for it.
   *
   * @throws IllegalStateException if the environment says something wrong
   */
  public static Tracing of(Map<String, String> environment) {
    return isAskedFor(environment) ? new Tracing(configured(environment)) : new Tracing(null);
  }

  private static boolean isAskedFor(Map<String, String> environment) {
    boolean toSomebody = environment.containsKey("OTEL_EXPORTER_OTLP_ENDPOINT")
        || environment.containsKey("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") || environment.containsKey("OTEL_TRACES_EXPORTER");
    return toSomebody && !"true".equalsIgnoreCase(environment.get("OTEL_SDK_DISABLED"))
        && !"none".equalsIgnoreCase(environment.get("OTEL_TRACES_EXPORTER"));
  }

  private static OpenTelemetrySdk configured(Map<String, String> environment) {
    Map<String, String> said = environment.entrySet().stream().filter(entry -> entry.getKey().startsWith(PREFIX))
        .collect(Collectors.toMap(entry -> entry.getKey().toLowerCase(Locale.ROOT).replace('_', '.'), Map.Entry::getValue));
    try {
      return AutoConfiguredOpenTelemetrySdk.builder()
          .addPropertiesSupplier(() -> DEFAULTS).addPropertiesSupplier(() -> said)
          .disableShutdownHook().build().getOpenTelemetrySdk();
    } catch (ConfigurationException e) {
      throw new IllegalStateException("The variables OTEL_… cannot be used: %s. Correct them, or set OTEL_SDK_DISABLED=true"
          .formatted(e.getMessage()), e);
    }
  }

  /** Makes what {@code builder} builds take part in traces. */
  public VertxBuilder in(VertxBuilder builder) {
    return telemetry == null ? builder : builder.withTracer(new OpenTelemetryTracingFactory(telemetry));
  }

  /** Returns the headers by which a trace goes on, which are this proxy's own towards an origin; none where it takes no part. */
  public Collection<String> headers() {
    return telemetry == null ? List.of() : telemetry.getPropagators().getTextMapPropagator().fields();
  }

  /** Sends what has not been sent yet. */
  @Override
  public void close() {
    Optional.ofNullable(telemetry).ifPresent(sdk -> sdk.shutdown().join(FLUSHED_WITHIN_SECONDS, TimeUnit.SECONDS));
  }
}
