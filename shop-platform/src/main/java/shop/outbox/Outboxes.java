package shop.outbox;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import shop.sql.JsonParameter;
import shop.sql.TransactionLock;
import shop.sql.TransactionNumbers;
import tools.jackson.databind.json.JsonMapper;

/** The outboxes of the modules of this process. */
@Component
@EnableConfigurationProperties(OutboxSettings.class)
public class Outboxes {

  private static final Logger LOG = LoggerFactory.getLogger(Outboxes.class);

  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final JsonParameter parameter;
  private final TransactionLock lock;
  private final TransactionNumbers numbers;
  private final OutboxSettings settings;
  private final FeedEndpoints endpoints;
  private final Map<String, Outbox> outboxes = new ConcurrentHashMap<>();

  Outboxes(JdbcClient jdbc, JsonMapper json, JsonParameter parameter, TransactionLock lock, TransactionNumbers numbers,
      OutboxSettings settings, FeedEndpoints endpoints) {
    this.jdbc = jdbc;
    this.json = json;
    this.parameter = parameter;
    this.lock = lock;
    this.numbers = numbers;
    this.settings = settings;
    this.endpoints = endpoints;
  }

  /** Returns the outbox of a module of this process; its feed is REST resource {@code /api/v1/<module>/events} from then on. */
  public Outbox of(String module) {
    return outboxes.computeIfAbsent(module, this::open);
  }

  private Outbox open(String module) {
    var outbox = new Outbox(module, jdbc, json, parameter, lock, numbers);
    endpoints.serve(outbox);
    return outbox;
  }

  /** Deletes what need not be kept any longer; an outbox where that fails does not keep the others from it. */
  @Scheduled(fixedDelayString = "${shop.outbox.clean-every:10m}", initialDelayString = "${shop.outbox.clean-every:10m}")
  public void clean() {
    outboxes.keySet().forEach(this::clean);
  }

  private void clean(String module) {
    try {
      new Cleaner(module, jdbc, settings).clean();
    } catch (RuntimeException e) {
      LOG.warn("The outbox of '{}' could not be cleaned, and grows until it can: {}", module, e.toString());
    }
  }
}
