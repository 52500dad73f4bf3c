package dev.banyan.move.plan;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The settings below {@code limits} in a plan. The defaults stand here and nowhere else. */
public enum Limit {
  MAX_PAUSE("2s", "How long a switch may hold writes before it is cancelled; a proxy refuses what waits longer."),
  MAX_LAG("1s", "How far the other side may be behind when a switch begins."),
  VERIFIED_WITHIN("24h", "How long ago every row may have been compared when writes are switched; what has changed since is compared at the switch."),
  RETAINED_WAL("10GB", "How much log the slot may retain on the owner's server. From half of it the mover warns, from three quarters a copy"
      + " lets the stream catch up first, and above it no switch begins and the slot is given up."),
  FENCE_TIMEOUT("300ms", "How long one attempt to fence waits for the locks of the moved tables."),
  FENCE_ATTEMPTS("5", "How often the fence is tried, with traffic let through in between, before the switch is cancelled."),
  COPY_JOBS("2", "How many key ranges are copied at once."),
  COPY_RATE("unlimited", "How many bytes of rows the copy reads a second at most, all jobs together: a size such as `20MB`, or `unlimited`."),
  RANGE_ROWS("100000", "How many rows a key range of the copy has, the unit of work of a copy job; fewer where they come to more than 128 MB."),
  VERIFY_JOBS("2", "How many parts of tables a verification reads at once on each server."),
  MAX_LOAD("25", "How many sessions of others may be active on the monolith's server while it is copied from; above it the copy waits. A number, or `unlimited`."),
  QUIET_FOR("15s", "How long nobody may have read the monolith's former tables when a move is completed; sessions report what they have read up to 10 s later.");

  private final String defaultText;
  private final String meaning;

  Limit(String defaultText, String meaning) {
    this.defaultText = defaultText;
    this.meaning = meaning;
  }

  /** Returns the key as plans write it. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the default as plans write it. */
  public String defaultText() {
    return defaultText;
  }

  /** Returns the limit with this key, if there is one. */
  public static Optional<Limit> withKey(String key) {
    return Arrays.stream(values()).filter(limit -> limit.key().equals(key)).findFirst();
  }

  /** Returns the settings page of the documentation, in Markdown. */
  public static String page() {
    return Arrays.stream(values())
        .map(limit -> "| `%s` | `%s` | %s |".formatted(limit.key(), limit.defaultText, limit.meaning))
        .collect(Collectors.joining("\n", """
            # Settings of a plan

            Below `limits`; every one has a default. This page is generated from `Limit.java`.

            | key | default | meaning |
            | --- | --- | --- |
            """, "\n"));
  }
}
