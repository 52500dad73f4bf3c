package shop.orders;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one owner answered for several orders at once. */
sealed interface Answers<K, V> {

  /** What there is. */
  record Told<K, V>(Map<K, V> byKey) implements Answers<K, V> {}

  /** Why nothing is known. */
  record Untold<K, V>(OrderDetails.Missing why) implements Answers<K, V> {}

  /** Returns what was told of one of them, if anything. */
  default @Nullable V of(K key) {
    return this instanceof Told<K, V> told ? told.byKey().get(key) : null;
  }

  /** Returns why nothing was told, if nothing was. */
  default Optional<OrderDetails.Missing> missing() {
    return this instanceof Untold<K, V> untold ? Optional.of(untold.why()) : Optional.empty();
  }
}
