package shop.copies;

import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
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
import shop.copies.Staleness.Verdict;

/** Tells the log, and a webhook if there is one, of copies that differ or cannot be compared for longer than allowed, and of the end of that. */
@Component
class Alerts {

  private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final CopySettings settings;
  private final Clock clock;
  private final RestClient http;
  private final Map<String, Raised> raised = new ConcurrentHashMap<>();
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

  private record Raised(Verdict verdict, Instant at) {}

  /**
   * What the webhook gets.
   *
   * @param state {@code stale}, {@code unknown} or {@code healed}
   */
  record Alert(String state, Status copy) {}

  /** Raises an alert, gives it again, or ends it; what did not reach the webhook is sent once more. */
  void judge(Status copy, Verdict verdict) {
    if (verdict != Verdict.GOOD) {
      raise(copy, verdict);
    } else if (raised.remove(copy.name()) != null) {
      LOG.info("Copy '{}' of '{}' is compared, and does not differ for longer than {} s any more.", copy.name(), copy.owner(), copy.allowedSeconds());
      owed.put(copy.name(), new Alert("healed", copy));
    }
    Optional.ofNullable(owed.get(copy.name())).filter(this::isTaken).ifPresent(alert -> owed.remove(copy.name(), alert));
  }

  private void raise(Status copy, Verdict verdict) {
    var now = clock.instant();
    var last = raised.get(copy.name());
    if (last == null || last.verdict() != verdict || !last.at().plus(settings.remind()).isAfter(now)) {
      raised.put(copy.name(), new Raised(verdict, now));
      tell(copy, verdict);
      owed.put(copy.name(), new Alert(verdict.name().toLowerCase(Locale.ROOT), copy));
    }
  }

  private static void tell(Status copy, Verdict verdict) {
    if (verdict == Verdict.UNKNOWN) {
      LOG.error("Copy '{}' of '{}' could not be compared with its owner for longer than the {} s that a value may differ, and nobody knows "
          + "whether it does; it was compared last at {}. Is the owner there? POST /api/v1/copies/{}/compare tells what is wrong.",
          copy.name(), copy.owner(), copy.allowedSeconds(), copy.comparedAt(), copy.name());
    } else {
      LOG.error("Copy '{}' of '{}': {} values differ from their owner's, one of them for {} s; allowed are {} s. "
          + "Some are {}. Take them from the owner by POST /api/v1/copies/{}/heal.", copy.name(), copy.owner(), copy.stale(),
          copy.oldestSeconds(), copy.allowedSeconds(), copy.keys(), copy.name());
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
