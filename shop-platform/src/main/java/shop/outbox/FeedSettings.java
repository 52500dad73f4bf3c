package shop.outbox;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How feeds are read over HTTP; properties {@code shop.feeds.*}.
 *
 * @param connectTimeout how long a connection may take
 * @param readTimeout how long a page may take
 * @param tokens of each module what its readers show, and are asked for, in whichever process it runs
 */
@ConfigurationProperties("shop.feeds")
record FeedSettings(
    @DefaultValue("500ms") Duration connectTimeout,
    @DefaultValue("2s") Duration readTimeout,
    @DefaultValue Map<String, String> tokens) {

  /** Returns what a reader shows, whose name begins with its module's. */
  Optional<String> token(String reader) {
    return Optional.ofNullable(tokens.get(reader.replaceFirst("\\..*", ""))).filter(token -> !token.isBlank());
  }

  /** Without the tokens. */
  @Override
  public String toString() {
    return "FeedSettings[connectTimeout=%s, readTimeout=%s, tokens of %s]".formatted(connectTimeout, readTimeout, tokens.keySet());
  }
}
