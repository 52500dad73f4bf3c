package shop.copies;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How copies are watched; properties {@code shop.copies.*}. How often they are compared is said at {@link CopyMonitor#check}.
 *
 * @param maxAge how long a copy may differ from its owner before somebody is told, if it does not say so itself
 * @param remind how long after an alert it is given again, while it lasts
 * @param webhook who is told, beside the log; JSON is sent there by POST
 */
@ConfigurationProperties("shop.copies")
record CopySettings(
    @DefaultValue("1h") Duration maxAge,
    @DefaultValue("1h") Duration remind,
    @Nullable URI webhook) {}
