package shop.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import shop.ServiceStub;
import shop.TestPostgres;
import shop.outbox.Event;
import shop.outbox.EventFeed;
import shop.outbox.HttpFeeds;
import shop.outbox.Outboxes;
import shop.outbox.PublishedEvent;
import shop.sql.JsonParameter;
import tools.jackson.databind.json.JsonMapper;

/** A subscription of orders to two sources of users' events, this process's outbox and a service over HTTP, that tests turn themselves. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = {
    "server.address=127.0.0.1", "shop.inbox.every=1h", "shop.inbox.attempts=2", "shop.inbox.backoff=0s", "shop.inbox.patience=1h"})
abstract class SubscriptionFixture {

  static final ServiceStub SERVICE = new ServiceStub();

  @LocalServerPort int port;
  @Autowired JdbcClient jdbc;
  @Autowired DataSource database;
  @Autowired TransactionTemplate transaction;
  @Autowired Outboxes outboxes;
  @Autowired HttpFeeds http;
  @Autowired JsonMapper json;
  @Autowired JsonParameter parameter;
  @Autowired InboxSettings settings;
  @Autowired TaskScheduler scheduler;
  @Autowired PlatformTransactionManager transactions;

  final String name = UUID.randomUUID().toString();
  private final DeadLetterEndpoints noEndpoints = new DeadLetterEndpoints(new StaticListableBeanFactory().getBeanProvider(RequestMappingHandlerMapping.class));
  private final ObjectProvider<Clock> noClock = new StaticListableBeanFactory().getBeanProvider(Clock.class);
  final String ada = "ada-" + name;

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry properties) {
    TestPostgres.newDatabase(properties);
  }

  @BeforeEach
  void clear() {
    SERVICE.reset();
    jdbc.sql("delete from users.outbox").update();
    jdbc.sql("delete from orders.held_event").update();
    jdbc.sql("""
        create table if not exists orders.applied (
          number bigint generated always as identity, aggregate text, version bigint, name text check (name <> 'Poison'))""").update();
    jdbc.sql("delete from orders.applied").update();
  }

  Subscription ofBoth() {
    return add(name, this::both);
  }

  List<EventFeed> both(String reader) {
    return List.of(outboxes.of("users").feed(reader), http.of(URI.create(SERVICE.url()), "users", reader));
  }

  Subscription ofLocal(String name) {
    return add(name, reader -> List.of(outboxes.of("users").feed(reader)));
  }

  Subscription add(String name, Sources sources) {
    return add(name, sources, settings);
  }

  /** Adds a subscription as a process of its own does. */
  Subscription add(String name, Sources sources, InboxSettings settings) {
    return new Subscriptions(jdbc, json, parameter, settings, scheduler, noEndpoints, transactions, new SimpleMeterRegistry(), noClock)
        .add("orders", name, sources, this::apply);
  }

  void apply(PublishedEvent event) {
    jdbc.sql("insert into orders.applied (aggregate, version, name) values (:aggregate, :version, :name)")
        .param("aggregate", event.aggregate()).param("version", event.version())
        .param("name", event.payload().path("name").asString()).update();
  }

  void publish(String aggregate, long version, String name) {
    transaction.executeWithoutResult(status -> outboxes.of("users").append(
        new Event("UserUpdated", aggregate, version, Map.of("name", name))));
  }

  /** Turns until all is there: the feed shows an event only when no older transaction of that server runs, whosever it is. */
  void expect(Subscription subscription, String... applied) {
    await().untilAsserted(() -> {
      subscription.turn();
      assertThat(applied()).containsExactly(applied);
    });
  }

  List<String> applied() {
    return jdbc.sql("select version || ' ' || name from orders.applied order by number").query(String.class).list();
  }

  String event(int id, String aggregate, long version, String name) {
    return "{'id': '%s', 'cursor': '', 'type': 'UserUpdated', 'aggregate': '%s', 'version': %d, 'payload': {'name': '%s'}, 'at': '2026-01-01T00:00:00Z'}"
        .formatted(UUID.nameUUIDFromBytes((this.name + id).getBytes()), aggregate, version, name);
  }

  static String page(String next, String... events) {
    return "{'events': [%s], 'next': '%s', 'complete': true}".formatted(String.join(", ", events), next);
  }
}
