package shop.copies;

import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.MediaType;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientResponseException;
import shop.copies.Staleness.Status;

/** Tells the log, and a webhook if there is one, of copies that differ for longer than allowed, and of their end. */
@Component
class Alerts {

  private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final CopySettings settings;
  private final Clock clock;
  private final RestClient http;
  private final Map<String, Instant> raised = new ConcurrentHashMap<>();
  /** What the webhook has not taken yet: of each copy the last. */
  private final Map<String, Alert> owed = new ConcurrentHashMap<>();

  Alerts(CopySettings settings, ObjectProvider<Clock> clock, RestClient.Builder http) {
    // Whoever is told must not keep the comparisons waiting.
    var factory = new JdkClientHttpRequestFactory(HttpClient.newBuilder().connectTimeout(PATIENCE).build());
    factory.setReadTimeout(PATIENCE);
    this.settings = settings;
    this.clock = clock.getIfAvailable(Clock::systemUTC);
    this.http = http.requestFactory(factory).build();
  }

  /**
   * What the webhook gets.
   *
   * @param state {@code stale} or {@code healed}
   */
  record Alert(String state, Status copy) {}

  /** Raises an alert, gives it again, or ends it; what did not reach the webhook is sent once more. */
  void judge(Status copy, boolean tooOld) {
    if (tooOld) {
      raise(copy);
    } else if (raised.remove(copy.name()) != null) {
      LOG.info("Copy '{}' of '{}' does not differ any more for longer than {} s.", copy.name(), copy.owner(), copy.allowedSeconds());
      owed.put(copy.name(), new Alert("healed", copy));
    }
    Optional.ofNullable(owed.get(copy.name())).filter(this::isTaken).ifPresent(alert -> owed.remove(copy.name(), alert));
  }

  private void raise(Status copy) {
    var now = clock.instant();
    var last = raised.get(copy.name());
    if (last == null || !last.plus(settings.remind()).isAfter(now)) {
      raised.put(copy.name(), now);
      LOG.error("Copy '{}' of '{}': {} values differ from their owner's, one of them for {} s; allowed are {} s. "
          + "Some are {}. Take them from the owner by POST /api/v1/copies/{}/heal.", copy.name(), copy.owner(), copy.stale(),
          copy.oldestSeconds(), copy.allowedSeconds(), copy.keys(), copy.name());
      owed.put(copy.name(), new Alert("stale", copy));
    }
  }

  private boolean isTaken(Alert alert) {
    if (settings.webhook() == null) {
      return true;
    }
    try {
      http.post().uri(settings.webhook()).contentType(MediaType.APPLICATION_JSON).body(alert).retrieve().toBodilessEntity();
      return true;
    } catch (RuntimeException e) {
      LOG.warn("The alert of copy '{}' did not reach the webhook, and is sent again after the next comparison: {}", alert.copy().name(), reason(e));
      return false;
    }
  }

  /** Without the address, which the exception's own message tells: whoever knows that of a webhook can use it. */
  private static String reason(RuntimeException e) {
    return e instanceof RestClientResponseException answer
        ? "it answers " + answer.getStatusCode().value() : NestedExceptionUtils.getMostSpecificCause(e).toString();
  }
}
