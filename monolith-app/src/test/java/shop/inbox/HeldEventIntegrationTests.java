package shop.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import shop.Api;
import shop.outbox.EventFeed;
import shop.outbox.PublishedEvent;

/** Events that cannot be applied yet, or not at all. */
class HeldEventIntegrationTests extends SubscriptionFixture {

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

  private void awaitDead(Subscription subscription) {
    await().until(() -> {
      subscription.turn();
      return jdbc.sql("select count(*) from orders.held_event where state = 'DEAD'").query(Integer.class).single() == 1;
    });
  }

  private InboxSettings holdingAtMost(long most) {
    return new InboxSettings(settings.every(), 10, Duration.ofHours(1), Duration.ofHours(1), settings.patience(), most, settings.kept());
  }

  private PublishedEvent published(long version) {
    return new PublishedEvent("", UUID.randomUUID(), "UserUpdated", ada, version, json.createObjectNode().put("name", "Ada"), Instant.now());
  }
}
