package shop.outbox;

/**
 * What a module tells others of a change.
 *
 * @param type what happened, in the past tense
 * @param aggregate the identity of what it happened to, unique among all that the module tells of
 * @param version the aggregate's version after the change, one more than before it
 * @param payload what else there is to tell; becomes a JSON object
 */
public record Event(String type, String aggregate, long version, Object payload) {

  /** Creates an event. */
  public Event {
    if (type.isBlank() || aggregate.isBlank() || version < 0) {
      throw new IllegalArgumentException("An event needs a type, an aggregate and a version from 0 on, not '%s' of '%s' at %d"
          .formatted(type, aggregate, version));
    }
  }
}
