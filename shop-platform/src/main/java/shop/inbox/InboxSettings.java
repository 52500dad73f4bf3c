package shop.inbox;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How events are followed; properties {@code shop.inbox.*}.
 *
 * @param every the pause between two looks for events
 * @param attempts how often an event is tried before it is a dead letter
 * @param backoff the pause after the first failure; doubled after each further one
 * @param longestBackoff the longest pause
 * @param patience how long an event waits for an earlier one of its aggregate that another source may have
 * @param mostHeld how many events of a source are held back before no further ones are read there
 * @param kept how long it is known that an event was applied; longer than any outbox keeps it for a slow reader
 */
@ConfigurationProperties("shop.inbox")
record InboxSettings(
    @DefaultValue("250ms") Duration every,
    @DefaultValue("10") int attempts,
    @DefaultValue("1s") Duration backoff,
    @DefaultValue("5m") Duration longestBackoff,
    @DefaultValue("1m") Duration patience,
    @DefaultValue("10000") long mostHeld,
    @DefaultValue("40d") Duration kept) {

  /** Returns how long to wait after so many failures. */
  Duration pauseAfter(int failures) {
    var pause = backoff.multipliedBy(1L << Math.min(failures - 1, 20));
    return pause.compareTo(longestBackoff) < 0 ? pause : longestBackoff;
  }
}
