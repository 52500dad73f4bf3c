package shop.orders;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.support.TransactionTemplate;
import shop.ServiceStub;
import shop.TestPostgres;
import shop.users.UserFeed;

@SpringBootTest(webEnvironment = WebEnvironment.NONE, properties = "shop.orders.feed-every=1h")
class CustomerFeedIntegrationTests {

  private static final ServiceStub SERVICE = new ServiceStub();

  @Autowired UserFeed users;
  @Autowired CustomerTable customers;
  @Autowired TransactionTemplate transaction;
  @Autowired JdbcClient jdbc;

  private CustomerFeed feed;

  @DynamicPropertySource
  static void settings(DynamicPropertyRegistry properties) {
    TestPostgres.newDatabase(properties);
    properties.add("shop.users.service.url", SERVICE::url);
  }

  @AfterAll
  static void close() {
    SERVICE.close();
  }

  @BeforeEach
  void restart() {
    SERVICE.reset();
    jdbc.sql("delete from orders.feed_cursor").update();
    jdbc.sql("delete from orders.customer").update();
    feed = newProcess();
  }

  @Test
  void appliesThePageAndGoesOnBehindItAfterARestart() {
    SERVICE.willAnswer(200, page("7-2", event(1, "Ada", 2), event(1, "Old", 1))).willAnswer(200, page("7-2"));
    feed.turn();
    assertThat(name(1)).isEqualTo("Ada");
    SERVICE.willAnswer(200, page("7-3", event(1, "Ada King", 3))).willAnswer(200, page("7-3"));
    newProcess().turn();
    assertThat(name(1)).isEqualTo("Ada King");
    assertThat(SERVICE.requests()).containsExactly(
        request(""), request("7-2"), request("7-2"), request("7-3"));
  }

  @Test
  void passesOverTypesThatItDoesNotKnow() {
    SERVICE.willAnswer(200, page("7-2", "{'type': 'UserFrozen', 'aggregate': '1', 'version': 9, 'payload': {}}"))
        .willAnswer(200, page("7-2"));
    feed.turn();
    assertThat(customers.cursor(SERVICE.url())).hasValue("7-2");
    assertThat(jdbc.sql("select count(*) from orders.customer").query(Integer.class).single()).isZero();
  }

  @Test
  void survivesAServiceThatIsDownAndAsksLessOften() {
    feed.turn();
    feed.turn();
    assertThat(SERVICE.requests()).hasSize(1);
    SERVICE.willAnswer(200, page("7-1", event(1, "Ada", 1))).willAnswer(200, page("7-1"));
    feed.turn();
    assertThat(name(1)).isEqualTo("Ada");
  }

  @Test
  void appliesNothingWhenTheCursorMovedMeanwhile() {
    SERVICE.willAnswer(200, page("7-1"));
    feed.turn();
    transaction.executeWithoutResult(s -> assertThat(customers.moveCursor(SERVICE.url(), "", "9-9")).isFalse());
    assertThat(customers.cursor(SERVICE.url())).hasValue("7-1");
  }

  private CustomerFeed newProcess() {
    return new CustomerFeed(users, customers, transaction);
  }

  private String name(long user) {
    return jdbc.sql("select name from orders.customer where user_id = :user").param("user", user)
        .query(String.class).single();
  }

  private static String request(String after) {
    return "GET /api/v1/users/events?after=%s&limit=500".formatted(after);
  }

  private static String event(long user, String name, long revision) {
    return "{'type': 'UserUpdated', 'aggregate': '%d', 'version': %d, 'payload': {'name': '%s'}}".formatted(user, revision, name);
  }

  private static String page(String next, String... events) {
    return "{'events': [%s], 'next': '%s'}".formatted(String.join(", ", events), next);
  }
}
