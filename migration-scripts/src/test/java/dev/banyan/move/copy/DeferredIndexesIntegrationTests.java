package dev.banyan.move.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.ControlSchema;
import dev.banyan.move.TwoServers;
import dev.banyan.move.copy.DeferredIndexes.Deferred;
import dev.banyan.move.database.Catalog;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which indexes are set aside, which stay, and that those which come back are as they were. */
class DeferredIndexesIntegrationTests {

  private static final String MODULE = "deferred";
  private static final TableName TABLE = new TableName("s", "T.able");

  private static final String TABLES = """
      create extension if not exists btree_gist;
      create schema s;
      create function s.lowered(text) returns text immutable language sql return lower($1);
      create table s."T.able" (id int primary key, a text, b text collate "C", n int, r int4range, j jsonb,
        constraint plain unique (a),
        constraint "Odd.""name" unique nulls not distinct (b, n) include (j) deferrable initially deferred,
        constraint excluded exclude using gist (n with =, r with &&) where (n > 0) deferrable,
        constraint referenced unique (n),
        constraint with_options unique (a, n) with (fillfactor = 70),
        constraint commented unique (b));
      comment on constraint commented on s."T.able" is 'kept';
      create table s.child (n int references s."T.able" (n));
      create index by_expression on s."T.able" (s.lowered(a) text_pattern_ops desc nulls last) where j ? 'k' and a <> '{d ''x''}';
      create unique index by_collation on s."T.able" (a collate "C", b desc) with (fillfactor = 80);
      create index by_gin on s."T.able" using gin (j jsonb_path_ops) with (fastupdate = off);
      create index by_brin on s."T.able" using brin (id) with (pages_per_range = 16);
      create index "Odd.Ünï" on s."T.able" (n);
      create index with_comment on s."T.able" (n);
      comment on index s.with_comment is 'kept';
      create index with_statistics on s."T.able" ((n + 1));
      alter index s.with_statistics alter column 1 set statistics 500;
      create index clustered on s."T.able" (n);
      alter table s."T.able" cluster on clustered;
      create index invalid on s."T.able" (n);
      update pg_index set indisvalid = false where indexrelid = 's.invalid'::regclass;
      """;

  private static Database service;

  @BeforeAll
  static void opens() throws SQLException {
    service = new Database(TwoServers.service("deferred_indexes"));
    ControlSchema.installSide(service.dataSource());
    service.jdbi().useHandle(handle -> {
      try (var statement = handle.getConnection().createStatement()) {
        statement.setEscapeProcessing(false);
        statement.execute(TABLES);
      }
      handle.execute("insert into banyan.side (module, epoch) values (?, 1)", MODULE);
    });
  }

  @AfterAll
  static void closes() {
    service.close();
  }

  private static Map<String, String> described() throws SQLException {
    Map<String, String> described = new TreeMap<>();
    try (Connection connection = service.connect()) {
      for (BuildableIndex index : BuildableIndex.of(connection, TABLE)) {
        described.put(index.name().toString(), String.valueOf(index.description(connection)));
      }
    }
    return described;
  }

  private static List<String> key() {
    return service.jdbi().withHandle(handle -> Catalog.table(handle, TABLE)).orElseThrow().key();
  }

  @Test
  void setsAsideWhatComesBackAsItWas() throws Exception {
    Map<String, String> before = described();
    DeferredIndexes indexes = new DeferredIndexes(service, MODULE);
    try (Connection connection = service.connectAsApplier()) {
      connection.setAutoCommit(false);
      indexes.setAside(connection, List.of(TABLE));
      connection.commit();
    }

    assertThat(indexes.pending()).extracting(Deferred::name).containsExactlyInAnyOrder("s.T.able_pkey", "s.plain", "s.Odd.\"name",
        "s.excluded", "s.by_expression", "s.by_collation", "s.by_gin", "s.by_brin", "s.Odd.Ünï");
    assertThat(described()).containsOnlyKeys("s.referenced", "s.with_options", "s.commented", "s.with_comment",
        "s.with_statistics", "s.clustered", "s.invalid");

    assertThat(indexes.pendingKeys()).extracting(Deferred::name).containsExactly("s.T.able_pkey");
    assertThat(key()).containsExactly("id");

    for (Deferred index : indexes.pending()) {
      indexes.build(index, 1);
    }
    assertThat(key()).containsExactly("id");
    assertThat(described()).isEqualTo(before);
    assertThat(indexes.pending()).isEmpty();
  }
}
