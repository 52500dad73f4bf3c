package shop.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import shop.TestPostgres;

class PostgresFeedIntegrationTests extends FeedContract {

  @Autowired DataSource database;

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry properties) {
    TestPostgres.newDatabase(properties);
  }

  /** A reader that goes by position alone would see the second event, move behind it, and never see the first. */
  @Test
  void tellsOfATransactionThatBeganFirstAndEndedLast() throws SQLException {
    try (var early = database.getConnection()) {
      early.setAutoCommit(false);
      insert(early, "Early");
      long ada = register("Ada");
      api.put("/users/" + ada, "{'name': 'Late'}");
      var before = feed("", 100);
      assertThat(names(before)).isEmpty();
      assertThat(before.path("complete").asBoolean()).isFalse();
      early.commit();
      var after = feed(next(before), 100);
      assertThat(names(after)).containsExactly("Early", "Ada", "Late");
      assertThat(after.path("complete").asBoolean()).isTrue();
    }
  }

  /** Here the transaction with the later number draws the lower position and ends first. */
  @Test
  void tellsOfTransactionsWhosePositionsAreInAnotherOrder() throws SQLException {
    try (var first = database.getConnection(); var second = database.getConnection()) {
      first.setAutoCommit(false);
      second.setAutoCommit(false);
      first.createStatement().execute("select pg_current_xact_id()");
      insert(second, "Lower position");
      insert(first, "Lower transaction");
      second.commit();
      var before = feed("", 100);
      assertThat(names(before)).isEmpty();
      first.commit();
      assertThat(names(feed(next(before), 100))).containsExactly("Lower transaction", "Lower position");
    }
  }

  /** The database has come to a server whose transactions have lower numbers: readers would skip what is published there. */
  @Test
  void beginsAnewForACursorOfAnotherServer() {
    var ofAnother = "999999999999-7";
    assertThat(next(feed(ofAnother, 100))).isEmpty();
    register("Ada");
    var page = feed(ofAnother, 100);
    assertThat(names(page)).containsExactly("Ada");
    assertThat(names(feed(next(page), 100))).isEmpty();
  }

  /** A dump was restored elsewhere, or an empty database took the place of the old one, and its numbers have come past the cursor. */
  @Test
  void beginsAnewForACursorOfAnotherCourseOfHistoryWhoseNumberIsPassed() {
    register("Ada");
    var epoch = next(feed("", 100)).split("-")[0];
    comeToAnotherServer();
    register("Bob");
    long passed = jdbc.sql("select max(txid) from users.outbox").query(Long.class).single();
    var page = feed("%s-%d-999999".formatted(epoch, passed), 100);
    assertThat(names(page)).containsExactly("Ada", "Bob");
    assertThat(next(page)).doesNotStartWith(epoch);
    assertThat(names(feed(next(page), 100))).isEmpty();
  }

  /** The numbers of what came along with a dump may be ahead of the new server's for years. */
  @Test
  void tellsWhatCameAlongFromAnotherServerBeforeWhatIsPublishedHere() {
    register("Ada");
    jdbc.sql("update users.outbox set txid = 999999999999").update();
    register("Bob");
    assertThat(names(feed("", 100))).containsExactly("Bob");
    comeToAnotherServer();
    var page = feed("", 100);
    assertThat(names(page)).containsExactly("Ada", "Bob");
    assertThat(page.path("complete").asBoolean()).isTrue();
  }

  @Test
  void keepsEverythingForReadersUntilTheyHaveReadItOfThisServer() {
    register("Ada");
    readAsOrders(next(feed("", 100)));
    jdbc.sql("update users.outbox_reader set txid = 999999999999").update();
    comeToAnotherServer();
    register("Bob");
    jdbc.sql("update users.outbox set at = at - interval '8' day").update();
    outboxes.clean();
    assertThat(names(feed("", 100))).containsExactly("Ada", "Bob");
  }

  /** A copy of the server's files that was started without recovery: who it is and its timeline are the same, the numbers come again. */
  @Test
  void beginsAnewForACursorWhoseNumbersWereGivenToAnotherEvent() {
    register("Ada");
    register("Bob");
    var cursor = next(feed("", 100));
    var bob = last();
    setBackTo(bob);
    register("Cleo");
    jdbc.sql("update users.outbox set txid = :txid where position = :position").params(bob).update();
    assertThat(names(feed(cursor, 100))).containsExactly("Ada", "Cleo");
  }

  @Test
  void beginsAnewForACursorWhoseEventIsNotThereWhileAnotherOneIsBeforeIt() {
    register("Ada");
    var ada = last();
    register("Bob");
    var cursor = next(feed("", 100));
    setBackTo(last());
    register("Cleo");
    jdbc.sql("update users.outbox set txid = :txid where position > :position").params(ada).update();
    assertThat(names(feed(cursor, 100))).containsExactly("Ada", "Cleo");
  }

  /** Nobody is told all again because nothing has happened for a week. */
  @Test
  void goesOnAtACursorWhoseEventIsNotKeptAnyMore() {
    register("Ada");
    var cursor = next(feed("", 100));
    jdbc.sql("delete from users.outbox").update();
    assertThat(next(feed(cursor, 100))).isEqualTo(cursor);
    register("Bob");
    assertThat(names(feed(cursor, 100))).containsExactly("Bob");
  }

  private Map<String, Object> last() {
    return jdbc.sql("select txid, position from users.outbox order by position desc limit 1").query().singleRow();
  }

  private void setBackTo(Map<String, Object> event) {
    jdbc.sql("delete from users.outbox where position >= :position").params(event).update();
    jdbc.sql("alter table users.outbox alter column position restart with %s".formatted(event.get("position"))).update();
  }

  private void comeToAnotherServer() {
    jdbc.sql("update users.outbox_epoch set server = 'another'").update();
  }

  private static void insert(Connection connection, String name) throws SQLException {
    try (var statement = connection.prepareStatement("""
        insert into users.outbox (type, aggregate, version, payload)
        values ('UserUpdated', '1', 1, json_build_object('name', ?::text))""")) {
      statement.setString(1, name);
      statement.executeUpdate();
    }
  }
}
