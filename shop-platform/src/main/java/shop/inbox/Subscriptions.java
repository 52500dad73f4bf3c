package shop.inbox;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
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
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import shop.sql.JsonParameter;
import tools.jackson.databind.json.JsonMapper;

/** The subscriptions of the modules of this process, and the clock that turns them. */
@Component
@EnableConfigurationProperties(InboxSettings.class)
public class Subscriptions implements SmartInitializingSingleton {

  private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);

  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final JsonParameter parameter;
  private final InboxSettings settings;
  private final TaskScheduler scheduler;
  private final DeadLetterEndpoints endpoints;
  private final MeterRegistry meters;
  private final Clock clock;
  private final TransactionTemplate transaction;
  private final TransactionTemplate nested;
  private final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>();
  private final Set<String> failing = ConcurrentHashMap.newKeySet();
  private final Map<String, HeldEvents> modules = new ConcurrentHashMap<>();

  Subscriptions(JdbcClient jdbc, JsonMapper json, JsonParameter parameter, InboxSettings settings, TaskScheduler scheduler,
      DeadLetterEndpoints endpoints, PlatformTransactionManager transactions, MeterRegistry meters, ObjectProvider<Clock> clock) {
    this.jdbc = jdbc;
    this.json = json;
    this.parameter = parameter;
    this.settings = settings;
    this.scheduler = scheduler;
    this.endpoints = endpoints;
    this.meters = meters;
    this.clock = clock.getIfAvailable(Clock::systemUTC);
    this.transaction = new TransactionTemplate(transactions);
    this.nested = new TransactionTemplate(transactions);
    nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
  }

  /**
   * Subscribes a module of this process, whose dead letters are REST resource {@code /api/v1/<module>/dead-letters} from then on.
   *
   * @param module the module, which is the name of its schema, too
   * @param name what distinguishes this from other subscriptions of the module
   */
  public Subscription add(String module, String name, Sources sources, EventHandler handler) {
    return subscriptions.computeIfAbsent(module + "." + name, full -> {
      var inbox = new Inbox(module, jdbc, clock);
      var held = modules.computeIfAbsent(module, this::open);
      var delivery = new Delivery(full, handler, inbox, held, settings, transaction, nested);
      return measured(full, new Subscription(full, sources, delivery, inbox, held, settings, clock));
    });
  }

  private Subscription measured(String name, Subscription subscription) {
    Gauge.builder("shop.subscription.lag", subscription, Subscriptions::lagSeconds).tag("subscription", name)
        .baseUnit("seconds").description("How far behind its sources it may be").register(meters);
    Gauge.builder("shop.subscription.held", subscription, Subscription::holding).tag("subscription", name)
        .description("How many events wait, are tried again, or are dead letters").register(meters);
    return subscription;
  }

  private static double lagSeconds(Subscription subscription) {
    return subscription.lag().map(lag -> lag.toMillis() / 1000.0).orElse(Double.NaN);
  }

  private HeldEvents open(String module) {
    var held = new HeldEvents(module, jdbc, json, parameter, clock);
    endpoints.serve(module, new DeadLetters(held, new Inbox(module, jdbc, clock), transaction));
    return held;
  }

  @Override
  public void afterSingletonsInstantiated() {
    subscriptions.forEach((name, subscription) ->
        scheduler.scheduleWithFixedDelay(() -> turn(name, subscription), scheduler.getClock().instant().plus(settings.every()), settings.every()));
  }

  private void turn(String name, Subscription subscription) {
    try {
      subscription.turn();
      failing.remove(name);
    } catch (RuntimeException e) {
      // Told once, however long the database is away.
      if (failing.add(name)) {
        LOG.warn("A turn of '{}' has failed; the next one goes on where this one began: {}", name, e.toString());
      }
    }
  }

  /** Forgets what was applied so long ago that no source tells it again; an inbox where that fails does not keep the others from it. */
  @Scheduled(fixedDelayString = "${shop.inbox.clean-every:10m}", initialDelayString = "${shop.inbox.clean-every:10m}")
  public void clean() {
    modules.keySet().forEach(this::clean);
  }

  private void clean(String module) {
    try {
      new Inbox(module, jdbc, clock).forget(settings.kept());
    } catch (RuntimeException e) {
      LOG.warn("The inbox of '{}' could not be cleaned, and grows until it can: {}", module, e.toString());
    }
  }
}
