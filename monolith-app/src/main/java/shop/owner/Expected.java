package shop.owner;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.springframework.core.ParameterizedTypeReference;

/**
 * What a service has to answer: something of a type, and about what it was asked. An answer about anything else is no
 * word of the module, whoever gave it.
 */
public record Expected<T>(ParameterizedTypeReference<T> type, Predicate<? super T> fits) {

  /** Expects anything of a type. */
  public static <T> Expected<T> of(ParameterizedTypeReference<T> type) {
    return new Expected<>(type, any -> true);
  }

  /** Expects what also fits. */
  public Expected<T> where(Predicate<? super T> fits) {
    return new Expected<>(type, fits);
  }

  /** Tells whether a list has none but those that were asked for, and each of them once. */
  public static <E, K> Predicate<List<E>> eachOnce(Function<? super E, K> key, Predicate<? super K> asked) {
    return all -> all.stream().allMatch(Objects::nonNull)
        && all.stream().map(key).allMatch(asked) && all.stream().map(key).distinct().count() == all.size();
  }
}
