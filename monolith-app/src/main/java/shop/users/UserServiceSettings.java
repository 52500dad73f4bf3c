package shop.users;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the extracted service is called; properties {@code shop.users.service.*}.
 *
 * @param url where the service listens, for a move whose plan does not say so; the owner record's word goes first
 * @param connectTimeout how long a connection may take
 * @param readTimeout how long an answer may take
 * @param ownerMaxAge how old the known owner may be
 * @param fencePatience how long a write that meets the fence waits for the new owner
 */
@ConfigurationProperties("shop.users.service")
record UserServiceSettings(
    @Nullable URI url,
    @DefaultValue("500ms") Duration connectTimeout,
    @DefaultValue("2s") Duration readTimeout,
    @DefaultValue("250ms") Duration ownerMaxAge,
    @DefaultValue("2s") Duration fencePatience) {}
