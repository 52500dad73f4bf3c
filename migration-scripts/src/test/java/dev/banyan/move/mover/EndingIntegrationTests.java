package dev.banyan.move.mover;

import static dev.banyan.move.mover.SwitchIntegrationTests.QUICK;
import static dev.banyan.move.mover.SwitchIntegrationTests.TABLE;
import static dev.banyan.move.mover.SwitchIntegrationTests.inSync;
import static dev.banyan.move.mover.SwitchIntegrationTests.insert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Intents.State;
import dev.banyan.control.Phase;
import dev.banyan.control.client.Owner;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A move's end, completed or cancelled, leaves nothing behind, also where it was broken off. */
class EndingIntegrationTests {

  @Test
  void cancelDuringTheCopyLeavesNothing() throws Exception {
    try (Move move = Move.of("cancel_copy", QUICK, List.of(Move.table("s.t")))) {
      move.onBoth(TABLE).onMonolith("insert into s.t (v) select repeat('x', 500) from generate_series(1, 200000) i");
      move.start().awaitPhase(Phase.COPYING);
      await().pollInterval(Duration.ofMillis(5)).until(() -> !move.serviceRows("select 1::text from s.t limit 1").isEmpty());
      assertThat(move.space.control().get("cancel_copy").phase()).isEqualTo(Phase.COPYING);
      assertThat(move.ask(Kind.CANCEL).state()).isEqualTo(State.DONE);
      assertThat(move.serviceRows("select count(*)::text from s.t")).containsExactly("0");
      assertThat(move.slots()).isEmpty();
      move.stop();
      assertThat(move.failure).isNull();
    }
  }

  @Test
  void cancelLeavesNothingAndALaterRunBeginsAnew() throws Exception {
    try (Move move = inSync("cancelled")) {
      assertThat(move.ask(Kind.CANCEL).state()).isEqualTo(State.DONE);
      assertThat(move.slots()).isEmpty();
      assertThat(move.serviceRows("select count(*)::text from s.t")).containsExactly("0");
      assertThat(move.serviceRows("select count(*)::text from pg_namespace where nspname = 'banyan'")).containsExactly("0");
      assertThat(move.monolithRows("select count(*)::text from pg_trigger where tgname like 'banyan%'")).containsExactly("0");
      insert(move, Owner.MONOLITH, "goes on");
      insert(move, Owner.SERVICE, "free");
      move.onService("truncate s.t");
      move.stop();
      move.start().awaitPhase(Phase.IN_SYNC);
      assertThat(move.ask(Kind.VERIFY).outcome()).containsEntry("equal", true);
    }
  }

  @ParameterizedTest
  @CsvSource({"COMPLETE, COMPLETED", "CANCEL, CANCELLED"})
  void anEndingThatWasBrokenOffIsFinishedByTheNextRun(Kind kind, Phase phase) throws Exception {
    try (Move move = inSync("ending_" + kind.name().toLowerCase(Locale.ROOT))) {
      if (kind == Kind.COMPLETE) {
        assertThat(move.ask(Kind.SWITCH_WRITES).state()).isEqualTo(State.DONE);
      }
      move.onMonolith("""
          create sequence s.failures;
          create function s.fail() returns trigger language plpgsql as $$
          begin
            if new.event = 'cleaned' and nextval('s.failures') = 1 then raise exception 'injected' using errcode = '57P01'; end if;
            return new;
          end $$;
          create trigger fail before insert on banyan.journal for each row execute function s.fail();
          """);
      assertThat(move.ask(kind).state()).isEqualTo(State.DONE);
      assertThat(move.space.control().get(move.space.module()).phase()).isEqualTo(phase);
      assertThat(move.events().get(0)).isEqualTo("cleaned");
      assertThat(move.slots()).isEmpty();
      assertThat(move.serviceRows("select count(*)::text from pg_namespace where nspname = 'banyan'")).containsExactly("0");
    }
  }
}
