package shop.orders;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How patient a checkout is; properties {@code shop.orders.checkout.*}.
 *
 * @param answerWithin how long a customer waits for the outcome; what takes longer goes on without an answer
 * @param deadline how old an unconfirmed order may be before a failure of its step rejects it
 * @param lease how long a process has a checkout to itself; after that any other may take it
 * @param firstPause how long a step that failed waits at first; twice as long with each further failure
 * @param longestPause how long it waits at most
 * @param resumedAtATime how many of those that nobody works at are gone on with at a time
 * @param stuckAfter how many failures of a step in a row make a checkout one for a person to look at
 */
@ConfigurationProperties("shop.orders.checkout")
record CheckoutSettings(
    @DefaultValue("3s") Duration answerWithin,
    @DefaultValue("30s") Duration deadline,
    @DefaultValue("10s") Duration lease,
    @DefaultValue("50ms") Duration firstPause,
    @DefaultValue("30s") Duration longestPause,
    @DefaultValue("8") int resumedAtATime,
    @DefaultValue("10") int stuckAfter) {

  /** Returns how long to wait after so many failures in a row, 1 or more. */
  Duration pause(int failures) {
    var pause = firstPause.multipliedBy(1L << Math.min(failures - 1, 20));
    return pause.compareTo(longestPause) > 0 ? longestPause : pause;
  }
}
