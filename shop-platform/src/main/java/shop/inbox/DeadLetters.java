package shop.inbox;

import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionOperations;
import shop.problems.Problem;

/** The dead letters of a module, for the person who decides about them. */
final class DeadLetters {

  private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

  private final HeldEvents held;
  private final Inbox inbox;
  private final TransactionOperations transaction;

  DeadLetters(HeldEvents held, Inbox inbox, TransactionOperations transaction) {
    this.held = held;
    this.inbox = inbox;
    this.transaction = transaction;
  }

  List<HeldEvent> list(int limit) {
    return held.dead(limit);
  }

  HeldEvent find(UUID event) {
    return held.dead(event).orElseThrow(() -> Problem.notFound("There is no dead letter %s.".formatted(event)));
  }

  /** Lets an event be tried again; what it holds back follows. */
  HeldEvent sendAgain(UUID event) {
    var dead = find(event);
    held.revive(dead);
    return dead;
  }

  /** Gives an event up: it counts as applied, and what it holds back follows. */
  void discard(UUID event) {
    var dead = find(event);
    transaction.executeWithoutResult(status -> {
      inbox.note(dead.subscription(), dead.event());
      held.remove(dead.subscription(), event);
    });
    LOG.warn("Event {} ({} of '{}', version {}) was discarded; '{}' never applies it.", event, dead.event().type(),
        dead.event().aggregate(), dead.event().version(), dead.subscription());
  }
}
