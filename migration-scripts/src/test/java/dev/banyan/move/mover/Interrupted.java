package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.ControlSchema;
import dev.banyan.control.Intents.Kind;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.plan.TestLimits;
import java.util.Arrays;

/** What tests of interrupted copies have in common: a table in ten ranges, and where its copy is interrupted. */
final class Interrupted {

  /** One worker and small ranges, so that it is known which ranges are copied when. */
  static final Limits ORDERLY = TestLimits.of("100ms", 2, 1, 100);

  static final String ITEMS = """
      create schema s;
      create table s.item (id int primary key, u text unique, big text, n int default 0);
      create index on s.item (n) include (u);
      """;
  static final String TEN_RANGES = """
      insert into s.item select i, 'u' || i, string_agg(md5(i::text || j), ''), 0
        from generate_series(1, 1000) i, generate_series(1, 100) j group by i;
      """;
  static final String INDEXES = "select indexdef from pg_indexes where schemaname = 's' order by 1";

  private Interrupted() {}

  static Move move(String module, String... tables) {
    return Move.of(module, ORDERLY, Arrays.stream(tables).map(Move::table).toList());
  }

  static void interruptAtRange(Move move, int copied, String meanwhile) throws Exception {
    try (Holding holding = Holding.atRange(move, copied)) {
      move.start();
      holding.awaitReached();
      move.stop();
      move.onMonolith(meanwhile);
    }
  }

  static void assertSame(Move move, String table) {
    assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
    String rows = "select (t.*)::text from %s t order by 1".formatted(table);
    assertThat(move.serviceRows(rows)).isEqualTo(move.monolithRows(rows));
  }

  /** Fails once at the n-th time; a sequence is not rolled back. */
  static void failOnce(Move move, String table, String event, String condition, int time) {
    ControlSchema.installSide(move.space.service().dataSource());
    move.onService("""
        create sequence public.times;
        create function public.fail() returns trigger language plpgsql as $$
        begin
          if %s then
            if nextval('public.times') = %d then raise exception 'injected' using errcode = '57P01'; end if;
          end if;
          return coalesce(new, old);
        end $$;
        create trigger fail before %s on banyan.%s for each row execute function public.fail();
        alter table banyan.%s enable always trigger fail;
        """.formatted(condition, time, event, table, table));
  }
}
