package shop.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a subscription reads of its sources, in which order, and how often it applies it. */
class SubscriptionIntegrationTests extends SubscriptionFixture {

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

  private int noted() {
    return jdbc.sql("select count(*) from orders.inbox where subscription = :name").param("name", "orders." + name)
        .query(Integer.class).single();
  }

  private void publishAll(int count) {
    jdbc.sql("""
        insert into users.outbox (type, aggregate, version, payload)
        select 'UserUpdated', 'u' || i % 7, i / 7, '{"name": "n"}' from generate_series(0, :last) i""")
        .param("last", count - 1).update();
  }

  private boolean inOrder() {
    return jdbc.sql("""
        select bool_and(version = expected) from
          (select version, row_number() over (partition by aggregate order by number) - 1 as expected from orders.applied) a""")
        .query(Boolean.class).single();
  }
}
