package shop.copies;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import shop.copies.Staleness.Status;
import shop.problems.Problem;

/** Compares the declared copies of this process with their owners, measures what differs, and heals it on demand. */
@Service
@EnableConfigurationProperties(CopySettings.class)
public class CopyMonitor {

  private static final Logger LOG = LoggerFactory.getLogger(CopyMonitor.class);

  private final List<Staleness> copies;
  private final Alerts alerts;

  CopyMonitor(CopySettings settings, ObjectProvider<DeclaredCopy> copies, ObjectProvider<Clock> clock, Alerts alerts, MeterRegistry meters) {
    var time = clock.getIfAvailable(Clock::systemUTC);
    this.copies = copies.orderedStream().map(copy -> new Staleness(copy, time, settings.maxAge())).toList();
    this.alerts = alerts;
    this.copies.forEach(copy -> measure(copy, meters));
  }

  private static void measure(Staleness copy, MeterRegistry meters) {
    var tags = Tags.of("copy", copy.copy().name(), "owner", copy.copy().owner());
    Gauge.builder("shop.copy.lag", copy, CopyMonitor::lagSeconds).tags(tags).baseUnit("seconds")
        .description("How far the copy may be behind by the events that it follows").register(meters);
    Gauge.builder("shop.copy.stale", copy, Staleness::stale).tags(tags)
        .description("How many values differed from their owner's at the last comparison").register(meters);
    Gauge.builder("shop.copy.stale.age", copy, c -> c.oldest().toSeconds()).tags(tags).baseUnit("seconds")
        .description("For how long the one had differed at the last comparison that does so longest").register(meters);
    Gauge.builder("shop.copy.compared.age", copy, c -> c.unseen().toSeconds()).tags(tags).baseUnit("seconds")
        .description("How long ago all of the copy was compared with its owner").register(meters);
  }

  private static double lagSeconds(Staleness copy) {
    return copy.copy().lag().map(lag -> lag.toMillis() / 1000.0).orElse(Double.NaN);
  }

  /** Compares all copies, and raises or ends alerts. A copy whose owner does not answer is left for the next time; somebody is told when that lasts. */
  @Scheduled(fixedDelayString = "${shop.copies.every:5m}", initialDelayString = "${shop.copies.every:5m}")
  public void check() {
    for (var copy : copies) {
      try {
        copy.compare();
      } catch (RuntimeException e) {
        LOG.warn("Copy '{}' could not be compared with its owner '{}': {}", copy.copy().name(), copy.copy().owner(), e.toString());
      }
      alerts.judge(copy.status(), copy.verdict());
    }
  }

  List<Status> status() {
    return copies.stream().map(Staleness::status).toList();
  }

  /** Compares a copy now. */
  Status compare(String name) {
    var copy = declared(name);
    copy.compare();
    return copy.status();
  }

  /** Compares a copy, heals what differs, and compares it once more; returns what is left. */
  Status heal(String name) {
    var copy = declared(name);
    copy.compare();
    long healed = copy.healable().stream().filter(copy.copy()::heal).count();
    copy.compare();
    LOG.info("Copy '{}': {} values were taken from their owner, {} differ still.", name, healed, copy.stale());
    return copy.status();
  }

  private Staleness declared(String name) {
    return copies.stream().filter(c -> c.copy().name().equals(name)).findFirst()
        .orElseThrow(() -> Problem.notFound("No copy '%s' is declared here.".formatted(name)));
  }
}
