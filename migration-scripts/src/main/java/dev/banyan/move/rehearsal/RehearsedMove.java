package dev.banyan.move.rehearsal;

import dev.banyan.control.Extraction;
import dev.banyan.control.Intents.Intent;
import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Intents.State;
import dev.banyan.control.Phase;
import dev.banyan.control.Progress.MoverState;
import dev.banyan.move.mover.Mover;
import dev.banyan.move.mover.Refused;
import dev.banyan.move.mover.Workspace;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A move between the copies: the mover itself, and somebody who asks it for what users ask. */
final class RehearsedMove implements AutoCloseable {

  private static final long POLL_MILLIS = 20;
  private static final long STOPPED_WITHIN_MILLIS = 30_000;

  private final Workspace space;
  private final Thread mover;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  RehearsedMove(Workspace space, Consumer<String> said) {
    this.space = space;
    this.mover = new Thread(() -> run(said), "banyan-rehearsal-mover");
    mover.setDaemon(true);
    mover.start();
  }

  private void run(Consumer<String> said) {
    try {
      new Mover(space, said::accept).run();
      ended.complete(null);
    } catch (InterruptedException e) {
      ended.complete(null);
    } catch (RuntimeException | Error e) {
      ended.completeExceptionally(e);
    }
  }

  /** Waits until the copies follow each other. */
  void awaitInSync() throws InterruptedException {
    while (phase().filter(Phase::isFollowing).isEmpty()) {
      requireAlive();
      if (phase().isPresent()) {
        requireRunning();
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private Optional<Phase> phase() {
    return space.control().isInstalled() ? space.control().find(space.module()).map(Extraction::phase) : Optional.empty();
  }

  private void requireAlive() {
    if (ended.isDone()) {
      try {
        ended.join();
      } catch (RuntimeException e) {
        throw e.getCause() instanceof RuntimeException cause ? cause : e;
      }
      throw new Refused("The mover of the rehearsal has ended before the rehearsal has.");
    }
  }

  private void requireRunning() {
    requireAlive();
    space.progress().mover(space.module()).filter(RehearsedMove::isStuck).ifPresent(state -> {
      throw new Refused("The rehearsed move does not go on: " + state.message().orElse(state.state()));
    });
  }

  /** A real move waits until its server has room again; a rehearsal gives back what it has taken. */
  private static boolean isStuck(MoverState mover) {
    return mover.state().equals("halted") || mover.state().startsWith("interrupted");
  }

  /** Asks the mover, and waits until that has ended. */
  Intent ask(Kind kind) throws InterruptedException {
    long id = space.intents().request(space.module(), kind, Map.of(), Workspace.actor())
        .orElseThrow(() -> new Refused("Somebody else asks the rehearsal's mover; it was told nothing."));
    Intent intent = space.intents().get(id);
    while (!intent.state().isEnded()) {
      requireRunning();
      Thread.sleep(POLL_MILLIS);
      intent = space.intents().get(id);
    }
    return intent;
  }

  /** Asks for a verification, and fails where it does not find both copies equal. */
  void verify() throws InterruptedException {
    Intent verified = ask(Kind.VERIFY);
    if (verified.state() != State.DONE || !Boolean.TRUE.equals(verified.outcome().get("equal"))) {
      throw new Refused("The copies could not be proven equal: " + verified.outcome());
    }
  }

  @Override
  public void close() throws InterruptedException {
    mover.interrupt();
    mover.join(STOPPED_WITHIN_MILLIS);
  }
}
