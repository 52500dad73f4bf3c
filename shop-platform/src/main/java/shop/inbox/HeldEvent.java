package shop.inbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import shop.outbox.PublishedEvent;

/**
 * An event that was read and is not applied yet.
 *
 * @param source whose feed it came from
 * @param attempts how often it has failed
 * @param error what it failed with last
 */
record HeldEvent(
    String subscription, String source, PublishedEvent event, State state, int attempts, @Nullable String error, Instant heldAt) {

  /** Why an event is held. */
  enum State {
    /** Something that comes before it is missing, or is held itself. */
    WAITING,
    /** It has failed, and is tried again. */
    RETRYING,
    /** It has failed too often; a person decides. */
    DEAD
  }
}
