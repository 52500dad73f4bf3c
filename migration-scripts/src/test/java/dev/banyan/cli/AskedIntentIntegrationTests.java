package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.ControlSchema;
import dev.banyan.control.Intents;
import dev.banyan.control.Intents.Intent;
import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Intents.State;
import dev.banyan.move.TwoServers;
import dev.banyan.move.database.Database;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What becomes of a question when the mover leaves, at every moment at which it can. */
class AskedIntentIntegrationTests {

  private interface Waiting {
    void begin(Intents intents, long id) throws InterruptedException;
  }

  @Test
  void takesTheAnswerOfAMoverThatLeavesRightAfterIt() throws Exception {
    asked((intents, id) -> {
      BooleanSupplier endsAndLeaves = () -> {
        intents.begin(intents.get(id));
        intents.end(intents.get(id), State.DONE, Map.of("message", "done"));
        return false;
      };
      Optional<Intent> ended = new AskedIntent(intents, id, endsAndLeaves).awaitEnd(progress -> { });
      assertThat(ended.map(Intent::state)).contains(State.DONE);
    });
  }

  @Test
  void takesBackWhatNobodyBeganWith() throws Exception {
    asked((intents, id) -> {
      Optional<Intent> ended = new AskedIntent(intents, id, () -> false).awaitEnd(progress -> { });
      assertThat(ended).isEmpty();
      assertThat(intents.get(id).state()).isEqualTo(State.REFUSED);
    });
  }

  @Test
  void leavesWhatWasBegunToTheNextMover() throws Exception {
    asked((intents, id) -> {
      intents.begin(intents.get(id));
      Optional<Intent> ended = new AskedIntent(intents, id, () -> false).awaitEnd(progress -> { });
      assertThat(ended).isEmpty();
      assertThat(intents.get(id).state()).isEqualTo(State.RUNNING);
    });
  }

  @Test
  void waitsForAMoverThatWasStartedAgainMeanwhile() throws Exception {
    asked((intents, id) -> {
      intents.begin(intents.get(id));
      AtomicInteger looks = new AtomicInteger();
      BooleanSupplier comesBack = () -> {
        if (looks.incrementAndGet() == 3) {
          intents.end(intents.get(id), State.FAILED, Map.of("message", "restarted"));
        }
        return looks.get() > 1;
      };
      Optional<Intent> ended = new AskedIntent(intents, id, comesBack).awaitEnd(progress -> { });
      assertThat(ended.map(Intent::state)).contains(State.FAILED);
    });
  }

  private static void asked(Waiting waiting) throws Exception {
    try (Database monolith = new Database(TwoServers.monolith("asked"))) {
      ControlSchema.installPlane(monolith.dataSource());
      Intents intents = new Intents(monolith.jdbi());
      waiting.begin(intents, intents.request("users", Kind.COMPLETE, Map.of(), "test").orElseThrow());
    }
  }
}
