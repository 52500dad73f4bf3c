package dev.banyan.move.rehearsal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the mover has reported of all switches, or of all rollbacks, of a rehearsal. */
public final class Turns {

  private final List<Double> pauses = new ArrayList<>();
  private final Map<String, List<Double>> steps = new LinkedHashMap<>();
  private final List<String> failed = new ArrayList<>();

  /** Notes one that was done, from what the mover answers. */
  void done(Map<String, Object> outcome) {
    pauses.add(number(outcome.get("pauseMillis")));
    if (outcome.get("steps") instanceof Map<?, ?> reported) {
      reported.forEach((step, millis) -> steps.computeIfAbsent(String.valueOf(step), any -> new ArrayList<>()).add(number(millis)));
    }
  }

  private static double number(@Nullable Object value) {
    return value instanceof Number number ? number.doubleValue() : 0;
  }

  /** Notes one that was refused or cancelled, and why. */
  void failed(String reason) {
    failed.add(reason);
  }

  /** Returns how many were done. */
  public int count() {
    return pauses.size();
  }

  /** Returns the reasons of those that were refused or cancelled. */
  public List<String> failures() {
    return List.copyOf(failed);
  }

  /** Returns how long writes were held. */
  public Figures pause() {
    return Figures.of(pauses);
  }

  /** Returns how long each step took, in their order. */
  public Map<String, Figures> steps() {
    Map<String, Figures> figures = new LinkedHashMap<>();
    steps.forEach((step, millis) -> figures.put(step, Figures.of(millis)));
    return figures;
  }

  Map<String, Object> asMap() {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("done", count());
    described.put("failed", failures());
    described.putAll(pause().asMap());
    Map<String, Object> byStep = new LinkedHashMap<>();
    steps().forEach((step, figures) -> byStep.put(step, figures.asMap()));
    described.put("steps", byStep);
    return described;
  }
}
