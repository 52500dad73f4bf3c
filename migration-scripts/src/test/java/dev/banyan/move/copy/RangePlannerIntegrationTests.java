package dev.banyan.move.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.move.TwoServers;
import dev.banyan.move.database.CopiedRange;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.SourceKey;
import dev.banyan.move.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranges follow the index of the key, and hold each row once. */
class RangePlannerIntegrationTests {

  private static final int ROWS = 10_000;
  private static final int ROWS_OF_RANGE = 300;

  private static final String TABLES = """
      create schema s;
      create table s.number (id int primary key, v text);
      insert into s.number select i * 3, repeat('v', 100) from generate_series(1, 10000) i;
      create table s.word (word text collate "und-x-icu" primary key, v text);
      insert into s.word select (array['a', 'B', 'ä', 'É', '-', '''', 'ß', '\\'])[1 + i % 8] || i, repeat('v', 100) from generate_series(1, 10000) i;
      create table s.reversed (a int, b text collate "C", c bit(12), v text, primary key (c, b, a) include (v));
      insert into s.reversed select i, chr(48 + i % 70), (i % 100)::bit(12), repeat('v', 100) from generate_series(1, 10000) i;
      create table s.wide (id int primary key, v bytea);
      alter table s.wide alter v set storage external;
      insert into s.wide select i, decode(repeat('00', 20000), 'hex') from generate_series(1, 100) i;
      create table s.parted (id int primary key, v bytea) partition by range (id);
      create table s.parted_1 partition of s.parted for values from (0) to (51);
      create table s.parted_2 partition of s.parted for values from (51) to (1000);
      alter table s.parted alter v set storage external;
      insert into s.parted select * from s.wide;
      create table s.uncounted with (autovacuum_enabled = off) as select * from s.wide;
      alter table s.uncounted add primary key (id);
      analyze s.number, s.word, s.reversed, s.wide, s.parted;
      """;

  private static Database monolith;

  @BeforeAll
  static void opens() throws SQLException {
    monolith = new Database(TwoServers.monolith("range_planner"));
    try (Connection connection = monolith.connect(); var statement = connection.createStatement()) {
      statement.execute(TABLES);
    }
  }

  @AfterAll
  static void closes() {
    monolith.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"number", "word", "reversed"})
  void cutsATableIntoRangesOfSoManyRows(String name) throws SQLException {
    SourceKey key = monolith.jdbi().withHandle(handle -> SourceKey.read(handle, new TableName("s", name)));
    try (Connection connection = monolith.connect()) {
      connection.setAutoCommit(false);
      List<CopiedRange> ranges = new RangePlanner(connection, ROWS_OF_RANGE).plan(key);
      assertThat(ranges).hasSize(ROWS / ROWS_OF_RANGE + 1);
      List<Integer> rows = new ArrayList<>();
      for (CopiedRange range : ranges) {
        rows.add(rows(connection, key, range));
      }
      assertThat(rows.subList(0, rows.size() - 1)).containsOnly(ROWS_OF_RANGE);
      assertThat(rows.get(rows.size() - 1)).isEqualTo(ROWS % ROWS_OF_RANGE);
    }
  }

  /** A million bytes hold fewer than 50 of these rows, which lie outside the table itself. */
  @ParameterizedTest
  @CsvSource({"wide, 3", "parted, 3", "uncounted, 1"})
  void cutsATableOfLargeRowsIntoRangesOfSoManyBytes(String name, int ranges) throws SQLException {
    SourceKey key = monolith.jdbi().withHandle(handle -> SourceKey.read(handle, new TableName("s", name)));
    try (Connection connection = monolith.connect()) {
      connection.setAutoCommit(false);
      assertThat(new RangePlanner(connection, ROWS_OF_RANGE, 1_000_000).plan(key)).hasSize(ranges);
    }
  }

  private static int rows(Connection connection, SourceKey key, CopiedRange range) throws SQLException {
    List<String> conditions = new ArrayList<>(List.of("true"));
    if (range.after() != null) {
      conditions.add(key.isAfter(range.after()));
    }
    if (range.upTo() != null) {
      conditions.add(key.isUpTo(range.upTo()));
    }
    try (var statement = connection.createStatement(); var row = statement.executeQuery(
        "select count(*) from %s where %s".formatted(key.table().sql(), String.join(" and ", conditions)))) {
      row.next();
      return row.getInt(1);
    }
  }
}
