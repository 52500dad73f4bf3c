package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.demo.stage.Checkout;
import dev.banyan.demo.stage.ChildProcess;
import dev.banyan.demo.stage.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * A database that nobody here wrote: two tables of Chinook go into a database of their own while they are written to.
 * {@code invoice} stays behind and goes on referring to {@code customer}.
 */
class ChinookJourneyTests {

  private static final Path SCRIPT = Checkout.find().root().resolve("../shared/data/chinook/chinook.sql").normalize();
  private static final Pattern MOVED = Pattern.compile(
      "CREATE TABLE (customer|employee)\\s*\\(.*?\\);|ALTER TABLE (customer|employee) ADD CONSTRAINT .*?;", Pattern.DOTALL);
  private static final long SEED = 2024;

  private int invoices = 10_000;

  @Test
  void movesCustomersAndEmployeesOutAndBackAndOutAgainWithEveryChange() throws Exception {
    assumeTrue(Files.exists(SCRIPT), "No " + SCRIPT + ": put the Chinook database there to run this test.");
    try (Stage stage = Stage.set()) {
      Move move = load(Move.of(stage, "people"));
      Book book = new Book();
      readInto(book, move.monolith());
      try (Writer writer = Writer.start(move, book, SEED, new ChinookChanges())) {
        ChildProcess mover = journey(move, writer);
        writer.stop();
        complete(move, mover);
      }
      expectBothSidesToBe(book, move);
      expectFencedForGood(move);
      move.expectNothingLeft("trigger banyan_fence (monolith)", "trigger banyan_fence (monolith)");
    }
  }

  private static Move load(Move move) throws IOException, SQLException {
    String script = Files.readString(SCRIPT);
    return move.onMonolith(script)
        .onService(MOVED.matcher(script).results().map(MatchResult::group).toArray(String[]::new))
        .planned("""
            tables:
              - public.customer
              - public.employee
            """);
  }

  private ChildProcess journey(Move move, Writer writer) throws Exception {
    writer.awaitMoreOnMonolith();
    ChildProcess mover = move.startMoverAndAwait("In sync");
    writer.awaitMoreOnMonolith();
    move.expectEqual();
    switchWrites(move, writer);
    move.expectEqual();
    move.expectDone("rollback");
    writer.awaitMoreOnMonolith();
    bill(move);
    switchWrites(move, writer);
    move.expectEqual();
    return mover;
  }

  private void switchWrites(Move move, Writer writer) throws Exception {
    assertThat(move.expectDone("switch", "writes").path("owner").asText()).isEqualTo("service");
    writer.awaitMoreOnService();
    bill(move);
  }

  /** The monolith's own tables refer to the moved ones, whoever owns those. */
  private void bill(Move move) throws SQLException {
    move.onMonolith("insert into invoice (invoice_id, customer_id, invoice_date, total) values (%d, 12, now(), 7.50)"
        .formatted(invoices++));
  }

  private static void complete(Move move, ChildProcess mover) throws Exception {
    // Invoices stay in the monolith and refer to customers.
    assertThat(move.ask("complete").json().path("error").asText()).contains("foreign key").contains("invoice");
    move.expectDone("complete", "--keep");
    assertThat(mover.awaitEnd(Duration.ofSeconds(20))).isZero();
    assertThat(move.expectDone("status").path("phase").asText()).isEqualTo("COMPLETED");
  }

  private static void expectBothSidesToBe(Book book, Move move) throws SQLException {
    List<Book> sides = new ArrayList<>();
    for (Connection side : List.of(move.service(), move.monolith())) {
      Book found = new Book();
      readInto(found, side);
      sides.add(found);
    }
    assertThat(sides.get(0).rows()).as("the service's rows").isEqualTo(book.rows()).hasSizeGreaterThan(67);
    assertThat(sides.get(1).rows()).as("the monolith's rows").isEqualTo(book.rows());
  }

  private static void readInto(Book book, Connection opened) throws SQLException {
    try (Connection connection = opened) {
      book.read(connection, "customer", "customer_id").read(connection, "employee", "employee_id");
    }
  }

  private static void expectFencedForGood(Move move) {
    assertThatThrownBy(() -> move.onMonolith("update customer set company = 'nobody reads this' where customer_id = 1"))
        .isInstanceOfSatisfying(SQLException.class, refused -> assertThat(refused.getSQLState()).isEqualTo("ZB001"))
        .hasMessageContaining("module 'people' is owned by the service");
  }
}
