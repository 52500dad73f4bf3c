package shop.inbox;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import shop.TestPostgres;
import shop.outbox.Event;
import shop.outbox.HttpFeeds;
import shop.outbox.Outboxes;
import shop.outbox.PublishedEvent;
import shop.sql.JsonParameter;
import tools.jackson.databind.json.JsonMapper;

/** A consumer over HTTP that is down for a day, by a clock of the test's, and one that comes for the first time then, beside one in the process that is there. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = {"server.address=127.0.0.1", "shop.inbox.every=1h",
    "shop.inbox.clean-every=10h", "shop.outbox.clean-every=10h", "shop.outbox.kept=6h", "shop.outbox.readers.users=orders.absent,orders.late"})
class AbsentConsumerIntegrationTests {

  private static final int AGGREGATES = 10;
  private static final int HOURS = 24;
  private static final AtomicReference<Instant> NOW = new AtomicReference<>(Instant.parse("2026-12-01T08:00:00Z"));

  @LocalServerPort int port;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;
  @Autowired Outboxes outboxes;
  @Autowired Subscriptions subscriptions;
  @Autowired HttpFeeds http;
  @Autowired JsonMapper json;
  @Autowired JsonParameter parameter;
  @Autowired InboxSettings settings;
  @Autowired TaskScheduler scheduler;
  @Autowired PlatformTransactionManager transactions;
  @Autowired ObjectProvider<Clock> clock;

  private record Applied(String aggregate, long version) {}

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry properties) {
    TestPostgres.newDatabase(properties);
  }

  @TestConfiguration
  static class Time {

    @Bean
    Clock clockOfTest() {
      InstantSource now = NOW::get;
      return now.withZone(ZoneOffset.UTC);
    }
  }

  @BeforeEach
  void prepare() {
    jdbc.sql("""
        create table orders.applied (
          number bigint generated always as identity, consumer text, aggregate text, version bigint)""").update();
  }

  @Test
  void isToldInOrderOfWhatHappenedMeanwhileAndNothingIsKeptAfterIt() {
    var present = present();
    publish(0);
    turn(present, "present", AGGREGATES);
    turn(absent(), "absent", AGGREGATES);
    for (int hour = 1; hour <= HOURS; hour++) {
      later(Duration.ofHours(1));
      publish(hour);
      turn(present, "present", AGGREGATES * (hour + 1));
      outboxes.clean();
      subscriptions.clean();
    }
    assertThat(count("users.outbox")).as("kept for who was away").isBetween(AGGREGATES * HOURS, AGGREGATES * (HOURS + 1));
    assertThat(count("orders.applied where consumer = 'absent'")).isEqualTo(AGGREGATES);

    var back = absent();
    turn(back, "absent", AGGREGATES * (HOURS + 1));
    var late = overHttp("late");
    turn(late, "late", AGGREGATES * (HOURS + 1));
    assertInOrder("absent");
    assertInOrder("present");
    assertInOrder("late");
    expectNothingLeft(present, back, late);
  }

  private void expectNothingLeft(Subscription... all) {
    for (var subscription : all) {
      assertThat(subscription.lag()).hasValueSatisfying(lag -> assertThat(lag).isZero());
      // Where it goes on is what it has applied.
      subscription.turn();
    }
    later(Duration.ofHours(7));
    outboxes.clean();
    assertThat(count("users.outbox")).isZero();
    assertThat(count("orders.held_event")).isZero();
    assertThat(count("orders.inbox")).isEqualTo(all.length * AGGREGATES * (HOURS + 1));
    later(settings.kept());
    subscriptions.clean();
    assertThat(count("orders.inbox")).isZero();
  }

  private void assertInOrder(String consumer) {
    var applied = jdbc.sql("select aggregate, version from orders.applied where consumer = :consumer order by number")
        .param("consumer", consumer).query(Applied.class).list();
    assertThat(applied.stream().collect(groupingBy(Applied::aggregate, mapping(Applied::version, toList())))).hasSize(AGGREGATES)
        .allSatisfy((aggregate, versions) -> assertThat(versions).isEqualTo(LongStream.rangeClosed(0, HOURS).boxed().toList()));
  }

  /** Turns until so much is applied: the feed shows an event only when no older transaction of that server runs. */
  private void turn(Subscription subscription, String consumer, int applied) {
    await().untilAsserted(() -> {
      subscription.turn();
      assertThat(count("orders.applied where consumer = '%s'".formatted(consumer))).isEqualTo(applied);
    });
    subscription.turn();
  }

  private void publish(long version) {
    for (int aggregate = 0; aggregate < AGGREGATES; aggregate++) {
      var event = new Event("UserUpdated", "user" + aggregate, version, Map.of());
      transaction.executeWithoutResult(status -> outboxes.of("users").append(event));
    }
  }

  private Subscription present() {
    return add("present", reader -> List.of(outboxes.of("users").feed(reader)));
  }

  /** As a process of its own that has just begun; it knows nothing but its tables. */
  private Subscription absent() {
    return overHttp("absent");
  }

  private Subscription overHttp(String name) {
    return add(name, reader -> List.of(http.of(URI.create("http://127.0.0.1:" + port), "users", reader)));
  }

  private Subscription add(String name, Sources sources) {
    var noEndpoints = new DeadLetterEndpoints(new StaticListableBeanFactory().getBeanProvider(RequestMappingHandlerMapping.class));
    return new Subscriptions(jdbc, json, parameter, settings, scheduler, noEndpoints, transactions, new SimpleMeterRegistry(), clock)
        .add("orders", name, sources, event -> apply(name, event));
  }

  private void apply(String consumer, PublishedEvent event) {
    jdbc.sql("insert into orders.applied (consumer, aggregate, version) values (:consumer, :aggregate, :version)")
        .param("consumer", consumer).param("aggregate", event.aggregate()).param("version", event.version()).update();
  }

  private int count(String rows) {
    return jdbc.sql("select count(*) from " + rows).query(Integer.class).single();
  }

  private static void later(Duration by) {
    NOW.updateAndGet(now -> now.plus(by));
  }
}
