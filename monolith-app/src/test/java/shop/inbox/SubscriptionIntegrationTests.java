package shop.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import shop.Api;
import shop.ServiceStub;
import shop.TestPostgres;
import shop.outbox.Event;
import shop.outbox.EventFeed;
import shop.outbox.HttpFeeds;
import shop.outbox.Outboxes;
import shop.outbox.PublishedEvent;
import shop.sql.JsonParameter;
import tools.jackson.databind.json.JsonMapper;

/** A subscription of orders to two sources of users' events: this process's outbox, and a service over HTTP. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = {
    "server.address=127.0.0.1", "shop.inbox.every=1h", "shop.inbox.attempts=2", "shop.inbox.backoff=0s", "shop.inbox.patience=1h"})
class SubscriptionIntegrationTests {

  private static final ServiceStub SERVICE = new ServiceStub();

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

  private final String name = UUID.randomUUID().toString();
  private final DeadLetterEndpoints noEndpoints = new DeadLetterEndpoints(new StaticListableBeanFactory().getBeanProvider(RequestMappingHandlerMapping.class));
  private final ObjectProvider<Clock> noClock = new StaticListableBeanFactory().getBeanProvider(Clock.class);
  private final String ada = "ada-" + name;

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry properties) {
    TestPostgres.newDatabase(properties);
  }

  @AfterAll
  static void close() {
    SERVICE.close();
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

  @Test
  void appliesWhatASourceTellsAgainOnce() {
    var subscription = ofBoth();
    SERVICE.willAnswer(200, page("7-2", event(1, ada, 0, "Ada"), event(2, ada, 1, "Ada K")))
        .willAnswer(200, page("7-3", event(1, ada, 0, "Ada"), event(2, ada, 1, "Ada K"), event(3, ada, 2, "Ada L")));
    subscription.turn();
    subscription.turn();
    assertThat(applied()).containsExactly("0 Ada", "1 Ada K", "2 Ada L");
    assertThat(SERVICE.requests()).allMatch(r -> r.endsWith("&reader=orders." + name));
    assertThat(SERVICE.requests().get(1)).contains("after=7-2");
  }

  @Test
  void waitsForWhatTheFormerOwnerHasPublishedBefore() throws SQLException {
    var subscription = ofBoth();
    try (var old = database.getConnection()) {
      old.setAutoCommit(false);
      old.createStatement().execute("select pg_current_xact_id()");
      publish(ada, 4, "In the monolith");
      SERVICE.willAnswer(200, page("9-1", event(5, ada, 5, "In the service"))).willAnswer(200, page("9-1"));
      subscription.turn();
      assertThat(applied()).isEmpty();
      old.commit();
    }
    SERVICE.willAnswerAlways(200, page("9-1"));
    expect(subscription, "4 In the monolith", "5 In the service");
    assertThat(jdbc.sql("select count(*) from orders.held_event").query(Integer.class).single()).isZero();
  }

  /** The source's database was restored into a server whose transactions have lower numbers than the cursor. */
  @Test
  void losesAndDoublesNothingWhereTheSourceHasComeToAnotherServer() {
    var subscription = ofLocal(name);
    publish(ada, 0, "Ada");
    expect(subscription, "0 Ada");
    jdbc.sql("update orders.inbox_cursor set cursor = '999999999999-7' where subscription = :name").param("name", "orders." + name).update();
    publish(ada, 1, "Ada K");
    expect(subscription, "0 Ada", "1 Ada K");
  }

  /** As before, but its transactions have come to higher numbers than the cursor's by now. */
  @Test
  void losesAndDoublesNothingWhereTheOtherServerHasComePastTheCursor() {
    var subscription = ofLocal(name);
    publish(ada, 0, "Ada");
    expect(subscription, "0 Ada");
    jdbc.sql("update users.outbox_epoch set server = 'another'").update();
    publish(ada, 1, "Ada K");
    jdbc.sql("update orders.inbox_cursor set cursor = left(cursor, 9) || (select max(txid) from users.outbox) || '-999999' where subscription = :name")
        .param("name", "orders." + name).update();
    expect(subscription, "0 Ada", "1 Ada K");
  }

  /** Such as those of modules whose tables were put away before their code was. */
  @Test
  void cleansOutboxesBesideThoseWhoseTablesAreGone() {
    IntStream.range(0, 20).forEach(i -> outboxes.of("gone" + i));
    publish(ada, 0, "Ada");
    jdbc.sql("update users.outbox set at = at - interval '8 days'").update();
    jdbc.sql("delete from users.outbox_reader").update();
    outboxes.clean();
    assertThat(jdbc.sql("select count(*) from users.outbox").query(Integer.class).single()).isZero();
  }

  @Test
  void appliesAPageInTheOrderOfVersions() {
    var subscription = add(name, reader -> List.of(http.of(URI.create(SERVICE.url()), "users", reader)));
    SERVICE.willAnswer(200, page("7-2", event(1, ada, 2, "Ada L"), event(2, ada, 1, "Ada K")));
    subscription.turn();
    assertThat(applied()).containsExactly("1 Ada K", "2 Ada L");
  }

  /** Between the look for what is due and the try, another process has read the event before it, which failed. */
  @Test
  void appliesNothingBeforeWhatAnotherProcessHoldsMeanwhile() {
    var held = new HeldEvents("orders", jdbc, json, parameter, Clock.systemUTC());
    var nested = new TransactionTemplate(transactions);
    nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    var delivery = new Delivery("orders." + name, this::apply, new Inbox("orders", jdbc, Clock.systemUTC()), held, settings, transaction, nested);
    held.add("orders." + name, "service", published(5));
    var due = held.due("orders." + name, 1).get(0);
    held.add("orders." + name, "local", published(4));
    assertThat(delivery.retry(due)).isFalse();
    assertThat(applied()).isEmpty();
    assertThat(delivery.retry(held.due("orders." + name, 1).get(0))).isTrue();
    assertThat(delivery.retry(due)).isTrue();
    assertThat(applied()).containsExactly("4 Ada", "5 Ada");
  }

  /** What would be kept as the cursor is asked with from then on, and refused for ever. */
  @ParameterizedTest
  @ValueSource(strings = {"", "no cursor", "7-3 ", "7", "7-3-1", "7-1234567890123456789"})
  void keepsItsCursorWhereAPageNamesNone(String next) {
    var subscription = add(name, reader -> List.of(http.of(URI.create(SERVICE.url()), "users", reader)));
    SERVICE.willAnswer(200, page("7-2", event(1, ada, 0, "Ada"))).willAnswer(200, page(next, event(2, ada, 1, "Ada K")));
    subscription.turn();
    subscription.turn();
    assertThat(applied()).containsExactly("0 Ada");
    SERVICE.willAnswerAlways(200, page("7-3", event(2, ada, 1, "Ada K")));
    expect(subscription, "0 Ada", "1 Ada K");
    assertThat(SERVICE.requests()).filteredOn(r -> r.contains("after=7-2")).hasSize(2);
  }

  @Test
  void doesNotWaitWhereNobodyHasPublishedBefore() {
    var subscription = ofBoth();
    SERVICE.willAnswer(200, page("9-1", event(6, ada, 5, "Ada"))).willAnswer(200, page("9-1"));
    subscription.turn();
    assertThat(applied()).containsExactly("5 Ada");
  }

  @Test
  void goesOnWithOneSourceWhileTheOtherIsDownAndAsksThatLessOften() {
    var subscription = ofBoth();
    publish(ada, 0, "Ada");
    assertThat(subscription.lag()).isEmpty();
    expect(subscription, "0 Ada");
    publish(ada, 1, "Ada K");
    expect(subscription, "0 Ada", "1 Ada K");
    for (int turn = 0; turn < 30; turn++) {
      subscription.turn();
    }
    assertThat(subscription.lag()).isEmpty();
    assertThat(SERVICE.requests()).hasSizeBetween(4, 10);
  }

  @Test
  void holdsBackOnlyTheAggregateOfAnEventThatFailsUntilAPersonSendsItAgain() {
    var subscription = ofLocal(name);
    publish(ada, 0, "Ada");
    publish(ada, 1, "Poison");
    publish(ada, 2, "Ada L");
    publish("bob-" + name, 0, "Bob");
    expect(subscription, "0 Ada", "0 Bob");
    awaitDead(subscription);
    var api = new Api(port);
    var dead = api.get("/orders/dead-letters").body();
    assertThat(dead).hasSize(1);
    assertThat(dead.get(0).path("attempts").asInt()).isEqualTo(2);
    assertThat(dead.get(0).path("error").asString()).contains("applied_name_check").doesNotContain("Failing row", "Poison");
    var path = "/orders/dead-letters/" + dead.get(0).path("event").path("id").asString();
    assertThat(api.get(path).body()).isEqualTo(dead.get(0));

    jdbc.sql("alter table orders.applied drop constraint applied_name_check").update();
    subscription.turn();
    assertThat(applied()).hasSize(2);
    assertThat(api.post(path + "/send-again", "").status()).isEqualTo(202);
    expect(subscription, "0 Ada", "0 Bob", "1 Poison", "2 Ada L");
    jdbc.sql("alter table orders.applied add constraint applied_name_check check (name <> 'Poison') not valid").update();
    assertThat(api.get(path).status()).isEqualTo(404);
  }

  @Test
  void goesOnBehindADeadLetterThatAPersonDiscards() {
    var subscription = ofLocal(name);
    publish(ada, 0, "Poison");
    publish(ada, 1, "Ada K");
    awaitDead(subscription);
    var api = new Api(port);
    var id = api.get("/orders/dead-letters").body().get(0).path("event").path("id").asString();
    assertThat(api.post("/orders/dead-letters/%s/discard".formatted(id), "").status()).isEqualTo(204);
    expect(subscription, "1 Ada K");
  }

  @Test
  void readsNoMoreWhileTooMuchIsHeld() {
    var subscription = add(name, reader -> List.of(outboxes.of("users").feed(reader)), holdingAtMost(1));
    publish(ada, 0, "Poison");
    await().until(() -> {
      subscription.turn();
      return subscription.holding() == 1;
    });
    publish("bob-" + name, 0, "Bob");
    subscription.turn();
    assertThat(applied()).isEmpty();
    jdbc.sql("delete from orders.held_event").update();
    expect(subscription, "0 Bob");
  }

  /** What is held of one source waits for another, which would be read no more. */
  @Test
  void readsOnWhatTooMuchIsHeldFor() throws SQLException {
    var subscription = add(name, this::both, holdingAtMost(1));
    // What is there when an epoch begins is shown at once.
    both(name).get(0).after(EventFeed.START, 1);
    try (var old = database.getConnection()) {
      old.setAutoCommit(false);
      old.createStatement().execute("select pg_current_xact_id()");
      publish(ada, 4, "In the monolith");
      SERVICE.willAnswer(200, page("9-1", event(5, ada, 5, "In the service"))).willAnswer(200, page("9-1"));
      subscription.turn();
      assertThat(subscription.holding()).isEqualTo(1);
      old.commit();
    }
    SERVICE.willAnswerAlways(200, page("9-1"));
    expect(subscription, "4 In the monolith", "5 In the service");
  }

  @Test
  void forgetsWhatWasAppliedLongAgo() {
    publish(ada, 0, "Ada");
    expect(ofLocal(name), "0 Ada");
    var inbox = new Inbox("orders", jdbc, Clock.systemUTC());
    inbox.forget(Duration.ofMinutes(1));
    assertThat(noted()).isEqualTo(1);
    inbox.forget(Duration.ZERO);
    assertThat(noted()).isZero();
  }

  @Test
  void catchesUpWithALongBacklog() {
    publishAll(3_000);
    var backlog = ofLocal(name);
    await().untilAsserted(() -> {
      backlog.turn();
      assertThat(applied()).hasSize(3_000);
    });
    assertThat(backlog.lag()).hasValueSatisfying(lag -> assertThat(lag).isLessThan(Duration.ofMinutes(1)));
    assertThat(inOrder()).isTrue();
  }

  @Test
  void appliesEachEventOnceHoweverManyProcessesFollow() {
    var processes = List.of(ofLocal(name), ofLocal(name), ofLocal(name));
    var writers = IntStream.range(0, 4).mapToObj(w -> CompletableFuture.runAsync(
        () -> IntStream.range(0, 100).forEach(i -> publish("w" + w, i, "n")))).toList();
    var written = CompletableFuture.allOf(writers.toArray(CompletableFuture[]::new));
    var readers = processes.stream().map(p -> CompletableFuture.runAsync(() -> {
      while (!written.isDone()) {
        p.turn();
      }
      p.turn();
    })).toList();
    readers.forEach(CompletableFuture::join);
    await().untilAsserted(() -> {
      processes.get(0).turn();
      assertThat(applied()).hasSize(400);
    });
    assertThat(inOrder()).isTrue();
  }

  private void awaitDead(Subscription subscription) {
    await().until(() -> {
      subscription.turn();
      return jdbc.sql("select count(*) from orders.held_event where state = 'DEAD'").query(Integer.class).single() == 1;
    });
  }

  private Subscription ofBoth() {
    return add(name, this::both);
  }

  private List<EventFeed> both(String reader) {
    return List.of(outboxes.of("users").feed(reader), http.of(URI.create(SERVICE.url()), "users", reader));
  }

  private Subscription ofLocal(String name) {
    return add(name, reader -> List.of(outboxes.of("users").feed(reader)));
  }

  private InboxSettings holdingAtMost(long most) {
    return new InboxSettings(settings.every(), 10, Duration.ofHours(1), Duration.ofHours(1), settings.patience(), most, settings.kept());
  }

  private int noted() {
    return jdbc.sql("select count(*) from orders.inbox where subscription = :name").param("name", "orders." + name)
        .query(Integer.class).single();
  }

  private Subscription add(String name, Sources sources) {
    return add(name, sources, settings);
  }

  /** Adds a subscription as a process of its own does. */
  private Subscription add(String name, Sources sources, InboxSettings settings) {
    return new Subscriptions(jdbc, json, parameter, settings, scheduler, noEndpoints, transactions, new SimpleMeterRegistry(), noClock)
        .add("orders", name, sources, this::apply);
  }

  private void apply(PublishedEvent event) {
    jdbc.sql("insert into orders.applied (aggregate, version, name) values (:aggregate, :version, :name)")
        .param("aggregate", event.aggregate()).param("version", event.version())
        .param("name", event.payload().path("name").asString()).update();
  }

  private void publish(String aggregate, long version, String name) {
    transaction.executeWithoutResult(status -> outboxes.of("users").append(
        new Event("UserUpdated", aggregate, version, Map.of("name", name))));
  }

  private void publishAll(int count) {
    jdbc.sql("""
        insert into users.outbox (type, aggregate, version, payload)
        select 'UserUpdated', 'u' || i % 7, i / 7, '{"name": "n"}' from generate_series(0, :last) i""")
        .param("last", count - 1).update();
  }

  /** Turns until all is there: the feed shows an event only when no older transaction of that server runs, whosever it is. */
  private void expect(Subscription subscription, String... applied) {
    await().untilAsserted(() -> {
      subscription.turn();
      assertThat(applied()).containsExactly(applied);
    });
  }

  private List<String> applied() {
    return jdbc.sql("select version || ' ' || name from orders.applied order by number").query(String.class).list();
  }

  private boolean inOrder() {
    return jdbc.sql("""
        select bool_and(version = expected) from
          (select version, row_number() over (partition by aggregate order by number) - 1 as expected from orders.applied) a""")
        .query(Boolean.class).single();
  }

  private PublishedEvent published(long version) {
    return new PublishedEvent("", UUID.randomUUID(), "UserUpdated", ada, version, json.createObjectNode().put("name", "Ada"), Instant.now());
  }

  private String event(int id, String aggregate, long version, String name) {
    return "{'id': '%s', 'cursor': '', 'type': 'UserUpdated', 'aggregate': '%s', 'version': %d, 'payload': {'name': '%s'}, 'at': '2026-01-01T00:00:00Z'}"
        .formatted(UUID.nameUUIDFromBytes((this.name + id).getBytes()), aggregate, version, name);
  }

  private static String page(String next, String... events) {
    return "{'events': [%s], 'next': '%s', 'complete': true}".formatted(String.join(", ", events), next);
  }
}
