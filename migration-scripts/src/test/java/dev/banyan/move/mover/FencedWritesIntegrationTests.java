package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.control.Phase;
import dev.banyan.control.client.Fence;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/** Every way in which SQL writes to a table is refused on the side that does not own it. */
class FencedWritesIntegrationTests {

  private static Move move;

  @BeforeAll
  static void inSync() {
    move = Move.of("every_write", "s.t", "s.p");
    move.onBoth("""
            create schema s; create table s.other (id int primary key);
            create table s.t (id int primary key, v text, other int references s.other on update cascade on delete cascade);
            create table s.p (id int primary key, v text) partition by range (id);
            create table s.p_1 partition of s.p for values from (0) to (100);
            create view s.seen as select id, v from s.t;
            create function s.write() returns void language sql security definer as 'update s.t set v = ''by a function''';
            create function s.written() returns int language sql as 'update s.t set v = ''in a query'' returning 1';
            insert into s.other values (1), (2)""")
        .onMonolith("insert into s.t values (1, 'one', 1), (2, 'two', 1); insert into s.p values (1, 'one')")
        .start().awaitPhase(Phase.IN_SYNC);
  }

  @AfterAll
  static void end() throws Exception {
    move.close();
  }

  private static void assertUntouched() {
    assertThat(move.serviceRows("select format('%s', t) from s.t union all select format('%s', p) from s.p order by 1"))
        .containsExactly("(1,one)", "(1,one,1)", "(2,two,1)");
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "insert into s.t values (3)",
      "insert into s.t values (1) on conflict do nothing",
      "insert into s.t values (1) on conflict (id) do update set v = 'changed'",
      "insert into s.t select i from generate_series(10, 20) i",
      "update s.t set v = 'changed'",
      "update s.t set v = 'changed' where false",
      "update only s.t set v = 'changed'",
      "delete from s.t",
      "delete from s.t using s.p where s.p.id = s.t.id",
      "truncate s.t",
      "truncate s.other cascade",
      "merge into s.t using s.p on s.t.id = s.p.id when matched then update set v = 'merged'",
      "merge into s.t using s.p on s.t.id = s.p.id when matched then delete",
      "merge into s.t using s.p on s.t.id = s.p.id + 100 when not matched then insert values (30)",
      "with written as (update s.t set v = 'changed' returning 1) select * from written",
      "with gone as (delete from s.t returning 1) insert into s.other select 9 from gone",
      "insert into s.seen values (4, 'through a view')",
      "update s.seen set v = 'through a view'",
      "select s.write()",
      "select s.written()",
      "do $$ begin update s.t set v = 'in a block'; end $$",
      "prepare p as update s.t set v = 'prepared'; execute p",
      "delete from s.other where id = 1",
      "update s.other set id = 5 where id = 1",
      "insert into s.p values (2)",
      "insert into s.p_1 values (2)",
      "update s.p_1 set v = 'by its own name'",
      "truncate s.p_1",
      "create table s.made as select 1; create rule redirect as on insert to s.made do instead update s.t set v = 'by a rule'; insert into s.made values (1)",
  })
  void refuses(String write) {
    assertThatThrownBy(() -> move.space.service().jdbi().useTransaction(handle -> {
      for (String statement : write.startsWith("do ") ? List.of(write) : List.of(write.split("; "))) {
        handle.getConnection().createStatement().execute(statement);
      }
    })).satisfies(e -> assertThat(Fence.raised(e)).as("%s", e).isTrue());
    assertUntouched();
  }

  @Test
  void refusesWhatIsCopiedIn() throws Exception {
    try (Connection connection = move.space.service().connect()) {
      assertThatThrownBy(() -> connection.unwrap(PGConnection.class).getCopyAPI().copyIn("copy s.t from stdin",
          new ByteArrayInputStream("7\tcopied\t1\n".getBytes(StandardCharsets.UTF_8))))
          .satisfies(e -> assertThat(Fence.raised(e)).isTrue());
    }
    assertUntouched();
  }
}
