package dev.banyan.move.drift;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/** Reads what an application tells of a copy, strictly: a number that is missing must not pass for a zero. */
final class CopyReader {

  private final JsonNode json;

  private CopyReader(JsonNode json) {
    this.json = json;
  }

  /**
   * Reads one copy.
   *
   * @throws IllegalArgumentException if a field is missing or has another form
   */
  static Copy read(JsonNode json) {
    CopyReader reader = new CopyReader(json);
    return new Copy(reader.text("name"), reader.text("owner"), reader.optional("lagMillis", Duration::ofMillis), reader.number("stale"),
        Duration.ofSeconds(reader.number("oldestSeconds")), Duration.ofSeconds(reader.number("allowedSeconds")), reader.keys(), reader.comparedAt());
  }

  private String text(String field) {
    JsonNode value = json.path(field);
    if (!value.isTextual() || value.asText().isBlank()) {
      throw wrong(field, "a text");
    }
    return value.asText();
  }

  private long number(String field) {
    JsonNode value = json.path(field);
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 0) {
      throw wrong(field, "a whole number of 0 or more");
    }
    return value.asLong();
  }

  private <T> Optional<T> optional(String field, LongFunction<T> unit) {
    return json.hasNonNull(field) ? Optional.of(unit.apply(number(field))) : Optional.empty();
  }

  private List<String> keys() {
    List<String> keys = new ArrayList<>();
    json.path("keys").forEach(key -> keys.add(key.asText()));
    return List.copyOf(keys);
  }

  private Optional<Instant> comparedAt() {
    if (!json.hasNonNull("comparedAt")) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(text("comparedAt")));
    } catch (DateTimeParseException e) {
      throw wrong("comparedAt", "a moment like 2026-12-01T10:59:00Z");
    }
  }

  private IllegalArgumentException wrong(String field, String expected) {
    return new IllegalArgumentException("'%s' is not %s in %s".formatted(field, expected, shortened(json.toString())));
  }

  /** Returns as much of a text as fits into a message. */
  static String shortened(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "…";
  }
}
