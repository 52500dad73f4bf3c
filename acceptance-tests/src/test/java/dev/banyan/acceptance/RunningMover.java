package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Extraction;
import dev.banyan.control.Intents;
import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Phase;
import dev.banyan.control.client.Owner;
import dev.banyan.move.cutover.protocol.SwitchStep;
import dev.banyan.move.mover.Mover;
import dev.banyan.move.mover.Workspace;
import dev.banyan.move.plan.PlanReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The mover of a plan in the test's own process, where its switches can be stopped in front of a step. */
final class RunningMover implements AutoCloseable {

  private static final Duration WITHIN = Duration.ofSeconds(90);

  private final Workspace space;
  private final Workspace own;
  private final StoppingGate gate = new StoppingGate();
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final Thread thread = new Thread(this::run, "mover");
  private volatile @Nullable Exception failure;

  /** Starts it. */
  RunningMover(Path plan) {
    space = new Workspace(PlanReader.read(plan, Map.of()));
    own = new Workspace(PlanReader.read(plan, Map.of()));
    thread.start();
  }

  private void run() {
    try {
      new Mover(own, said::add, gate).run();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  void awaitInSync() {
    await("in sync").atMost(WITHIN).until(() -> {
      requireWell();
      return space.control().isInstalled() && space.control().find(space.module()).filter(e -> e.phase() == Phase.IN_SYNC).isPresent();
    });
  }

  Owner owner() {
    return record().owner();
  }

  private Extraction record() {
    return space.control().get(space.module());
  }

  /** Asks for the writes to be switched to the other side, and waits until the mover stands in front of the step. */
  long askAndAwait(SwitchStep step) throws InterruptedException {
    gate.stopAt(step);
    long id = ask(owner() == Owner.MONOLITH ? Kind.SWITCH_WRITES : Kind.ROLLBACK);
    gate.awaitReached();
    return id;
  }

  void letGo() {
    gate.letGo();
  }

  private long ask(Kind kind) {
    return space.intents().request(space.module(), kind, Map.of(), "test").orElseThrow();
  }

  /** Waits for the end of what was asked, and expects it done. */
  void expectDone(long intent) {
    await("the end of what was asked").atMost(WITHIN).until(() -> {
      requireWell();
      return space.intents().get(intent).state().isEnded();
    });
    assertThat(space.intents().get(intent)).satisfies(ended ->
        assertThat(ended.state()).as("%s ended with %s", ended.kind(), ended.outcome()).isEqualTo(Intents.State.DONE));
  }

  /** Verifies, and expects every row to be equal. */
  void expectEqual() {
    long id = ask(Kind.VERIFY);
    expectDone(id);
    assertThat(space.intents().get(id).outcome()).containsEntry("equal", true);
  }

  /** Nothing is asked, nothing is held, and the mover follows the owner. */
  void awaitStable() {
    await("a stable state").atMost(WITHIN).until(() -> {
      requireWell();
      return space.intents().open(space.module()).isEmpty() && !record().held()
          && space.progress().mover(space.module()).filter(mover -> mover.state().equals("streaming")).isPresent();
    });
  }

  private void requireWell() {
    if (failure != null || said.stream().anyMatch(sentence -> sentence.startsWith("Halted"))) {
      throw new AssertionError("the mover has failed; it said " + said, failure);
    }
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join(30_000);
    own.close();
    space.close();
  }
}
