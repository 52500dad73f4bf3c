package shop.outbox;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long events are kept, and for whom; properties {@code shop.outbox.*}.
 *
 * @param kept how long an event is kept that everybody has read
 * @param most how many events are kept that everybody has read
 * @param mostUnread how many events are kept at all
 * @param readerForgotten for how long events are kept for a reader that does not come back
 * @param readers of each module those in other processes for whom events are kept; a subscription of the same process is one anyhow
 */
@ConfigurationProperties("shop.outbox")
record OutboxSettings(
    @DefaultValue("7d") Duration kept,
    @DefaultValue("1000000") long most,
    @DefaultValue("10000000") long mostUnread,
    @DefaultValue("30d") Duration readerForgotten,
    @DefaultValue Map<String, Set<String>> readers) {}
