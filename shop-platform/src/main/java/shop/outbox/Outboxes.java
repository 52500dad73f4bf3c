package shop.outbox;

import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import shop.sql.JsonParameter;
import shop.sql.ServerHistory;
import shop.sql.TransactionLock;
import tools.jackson.databind.json.JsonMapper;

/** The outboxes of the modules of this process. */
@Component
@EnableConfigurationProperties(OutboxSettings.class)
public class Outboxes implements SmartInitializingSingleton {

  private static final Logger LOG = LoggerFactory.getLogger(Outboxes.class);

  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final JsonParameter parameter;
  private final TransactionLock lock;
  private final ServerHistory history;
  private final TransactionOperations transaction;
  private final OutboxSettings settings;
  private final FeedEndpoints endpoints;
  private final Clock clock;
  private final Map<String, Opened> outboxes = new ConcurrentHashMap<>();

  Outboxes(JdbcClient jdbc, JsonMapper json, JsonParameter parameter, TransactionLock lock, ServerHistory history,
      TransactionOperations transaction, OutboxSettings settings, FeedEndpoints endpoints, ObjectProvider<Clock> clock) {
    this.jdbc = jdbc;
    this.json = json;
    this.parameter = parameter;
    this.lock = lock;
    this.history = history;
    this.transaction = transaction;
    this.settings = settings;
    this.endpoints = endpoints;
    this.clock = clock.getIfAvailable(Clock::systemUTC);
  }

  private record Opened(Outbox outbox, Epochs epochs, Readers readers, Cleaner cleaner) {}

  /** Returns the outbox of a module of this process; its feed is REST resource {@code /api/v1/<module>/events} from then on. */
  public Outbox of(String module) {
    return outboxes.computeIfAbsent(module, this::open).outbox();
  }

  private Opened open(String module) {
    var epochs = new Epochs(module, jdbc, history, transaction);
    var readers = new Readers(module, jdbc, settings.readers().getOrDefault(module, Set.of()), clock);
    var outbox = new Outbox(module, jdbc, json, parameter, lock, epochs, readers, clock);
    endpoints.serve(outbox);
    return new Opened(outbox, epochs, readers, new Cleaner(module, jdbc, settings, readers, clock));
  }

  @Override
  public void afterSingletonsInstantiated() {
    outboxes.forEach(Outboxes::expectReaders);
  }

  private static void expectReaders(String module, Opened opened) {
    try {
      opened.readers().expect();
    } catch (RuntimeException e) {
      LOG.warn("Readers of the events of '{}' that have never come could not be noted, and nothing is kept for them: {}", module, e.toString());
    }
  }

  /** Deletes what need not be kept any longer; an outbox where that fails does not keep the others from it. */
  @Scheduled(fixedDelayString = "${shop.outbox.clean-every:10m}", initialDelayString = "${shop.outbox.clean-every:10m}")
  public void clean() {
    outboxes.forEach(Outboxes::clean);
  }

  private static void clean(String module, Opened opened) {
    try {
      // How far readers are is not to be taken from another server's numbers.
      opened.epochs().begin();
      opened.cleaner().clean();
    } catch (RuntimeException e) {
      LOG.warn("The outbox of '{}' could not be cleaned, and grows until it can: {}", module, e.toString());
    }
  }
}
