package dev.banyan.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The password of an option whose default is an environment's variable. */
final class Password {

  private Password() {}

  /** Returns it; empty where neither the option nor the variable gives one. */
  static Optional<String> of(@Nullable String option) {
    return Optional.ofNullable(option).filter(value -> !value.startsWith("${"));
  }
}
