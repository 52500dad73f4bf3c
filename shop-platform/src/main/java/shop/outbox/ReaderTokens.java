package shop.outbox;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;
import shop.problems.Problem;

/**
 * Tells readers from those who only know their names. How far a reader is decides what is kept: whoever passes for one
 * could have deleted what it has not read, or keep everything for it.
 */
@Component
@EnableConfigurationProperties(FeedSettings.class)
class ReaderTokens {

  private static final Logger LOG = LoggerFactory.getLogger(ReaderTokens.class);
  private static final String SCHEME = "Bearer ";

  private final FeedSettings settings;
  private final Set<String> trusted = ConcurrentHashMap.newKeySet();

  ReaderTokens(FeedSettings settings) {
    this.settings = settings;
  }

  /** Refuses who names a declared reader and does not show its token; a name of no letters stands for nobody, who needs none. */
  void require(String reader, @Nullable String authorization) {
    if (reader.isEmpty()) {
      return;
    }
    settings.token(reader).ifPresentOrElse(token -> requireSame(reader, SCHEME + token, authorization), () -> trust(reader));
  }

  private static void requireSame(String reader, String asked, @Nullable String shown) {
    if (shown == null || !MessageDigest.isEqual(bytes(asked), bytes(shown))) {
      throw Problem.unauthorized("Reader '%s' has to show the token of its module. Set the same shop.feeds.tokens here and where it reads, or leave the reader out."
          .formatted(reader));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void trust(String reader) {
    if (trusted.add(reader)) {
      LOG.warn("Reader '{}' is believed without a token: whoever reaches this process can have events deleted that it has not read. "
          + "Set shop.feeds.tokens.{} here and where it reads.", reader, reader.replaceFirst("\\..*", ""));
    }
  }
}
