package dev.banyan.move.mover;

import dev.banyan.control.StaleMoverException;
import dev.banyan.move.cutover.protocol.StepGate;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mover: carries one extraction on until it has ended. A failure that may pass ends the session, not the mover: it
 * waits until both databases answer and takes over anew from what is stored. Stopped and started again, it goes on.
 */
public final class Mover {

  private static final Logger LOG = LoggerFactory.getLogger(Mover.class);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
  // A server is started again within seconds; rows that follow no more for longer are too old to be read.
  private static final Duration READ_ANYWAY = Duration.ofSeconds(10);

  private final Workspace space;
  private final MoverListener listener;
  private final StepGate gate;
  /** When reads are no longer left to a copy that has not been followed for long; set by the first failure. */
  private long readsBackAt;

  /** Creates the mover of a plan. */
  public Mover(Workspace space, MoverListener listener) {
    this(space, listener, StepGate.OPEN);
  }

  /** Creates the mover of a plan whose switches pass a gate before each step. */
  public Mover(Workspace space, MoverListener listener, StepGate gate) {
    this.space = space;
    this.listener = listener;
    this.gate = gate;
  }

  /**
   * Runs until the extraction has ended.
   *
   * @throws Refused if it cannot begin; nothing has changed
   * @throws InterruptedException if it was told to stop; the extraction stays as it is
   */
  public void run() throws InterruptedException {
    int failures = 0;
    boolean opened = false;
    for (boolean again = false; ; again = true) {
      long begun = System.nanoTime();
      try (Session session = takeOver(again, opened)) {
        if (session == null) {
          listener.say("Somebody else has ended the move of module '%s' meanwhile.".formatted(space.module()));
          return;
        }
        opened = true;
        session.serve();
        sayGoodbye();
        return;
      } catch (InterruptedException e) {
        sayGoodbye();
        throw e;
      } catch (SQLException | TimeoutException | RuntimeException e) {
        if (!Failures.mayPass(e)) {
          end(e);
          throw e instanceof RuntimeException runtime ? runtime : new IllegalStateException(Failures.message(e), e);
        }
        LOG.debug("session failed", e);
        // A server that comes back for a moment again and again does not let anything follow either.
        failures = System.nanoTime() - begun > READ_ANYWAY.toNanos() ? 1 : failures + 1;
        if (failures == 1) {
          readsBackAt = System.nanoTime() + READ_ANYWAY.toNanos();
        }
        waitFor(e, failures);
      }
    }
  }

  /** Returns null where a move that this mover had is none any more: whoever ended it does not want it begun anew. */
  private @Nullable Session takeOver(boolean again, boolean opened) throws SQLException, InterruptedException {
    TakeOver takeOver = new TakeOver(space, listener, gate, again);
    return opened ? takeOver.openBegun().orElse(null) : takeOver.open();
  }

  /** Otherwise the mover would seem to run for as long as a silent one is waited for. */
  private void sayGoodbye() {
    boolean interrupted = Thread.interrupted();
    try {
      space.progress().gone(space.module(), Optional.empty());
    } catch (RuntimeException e) {
      LOG.debug("no goodbye: {}", e.toString());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void end(Exception e) {
    if (e instanceof Refused || e instanceof StaleMoverException) {
      return;
    }
    try {
      space.progress().gone(space.module(), Optional.of(Failures.message(e)));
    } catch (RuntimeException again) {
      e.addSuppressed(again);
    }
  }

  private void waitFor(Exception failure, int failures) throws InterruptedException {
    listener.say("Interrupted: %s. %s".formatted(Failures.message(failure), Failures.isForLackOfResources(failure)
        ? "What is copied and applied stays; trying again until the server has room for the rest."
        : "Going on as soon as both databases answer."));
    AwayWatch watch = new AwayWatch(space, listener);
    do {
      isDone("open the owner", () -> new OwnerRescue(space).rescue());
      if (System.nanoTime() > readsBackAt) {
        isDone("take the reads back", this::takeReadsBack);
      }
      watch.look();
      Thread.sleep(Math.min(LONGEST_WAIT.toMillis(), 200L << Math.min(failures, 5)));
    } while (!space.checker().isReachable() || !isDone("end what lost connections left", this::endLeftOvers));
  }

  private void takeReadsBack() throws SQLException, InterruptedException {
    ReadsBack back = new ReadsBack(space);
    if (back.isNeeded()) {
      back.run("a database did not answer for %d s".formatted(READ_ANYWAY.toSeconds()));
      listener.say("The reads go to the monolith again, until both databases answer and reads are switched anew.");
    }
  }

  /** A server that was not told of a lost connection keeps its locks, the mover's own among them. */
  private void endLeftOvers() {
    space.monolith().endLeftOvers();
    space.service().endLeftOvers();
  }

  private interface Attempt {
    void run() throws SQLException, InterruptedException;
  }

  /** Tells whether it was done; where not, the next turn tries again. */
  private static boolean isDone(String what, Attempt attempt) throws InterruptedException {
    try {
      attempt.run();
      return true;
    } catch (SQLException | RuntimeException e) {
      LOG.debug("not done yet, {}: {}", what, e.toString());
      return false;
    }
  }
}
