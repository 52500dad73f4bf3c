package shop.owner;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;

/**
 * How the service of a module is called; properties {@code shop.<module>.service.*}.
 *
 * @param url where the service listens, for a move whose plan does not say so; the owner record's word goes first
 * @param connectTimeout how long a connection may take
 * @param readTimeout how long an answer may take
 * @param ownerMaxAge how old the known owner may be
 * @param callsUntilBreak after how many calls, half of them failed, the service is let alone for a second
 */
record ServiceSettings(
    @Nullable URI url,
    @DefaultValue("500ms") Duration connectTimeout,
    @DefaultValue("2s") Duration readTimeout,
    @DefaultValue("250ms") Duration ownerMaxAge,
    @DefaultValue("10") int callsUntilBreak) {

  static ServiceSettings of(Environment environment, String module) {
    return Binder.get(environment).bindOrCreate("shop.%s.service".formatted(module), ServiceSettings.class);
  }
}
