package shop.orders;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long a key is known; property {@code shop.orders.idempotency.kept}.
 *
 * @param kept how long after the end of its order's checkout; then the same key places another one
 */
@ConfigurationProperties("shop.orders.idempotency")
record IdempotencySettings(@DefaultValue("24h") Duration kept) {}
