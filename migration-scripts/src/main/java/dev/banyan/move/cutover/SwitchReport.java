package dev.banyan.move.cutover;

import dev.banyan.move.cutover.protocol.SwitchStep;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** How long each step of a switch took, for the journal and for people; times in milliseconds. */
public final class SwitchReport {

  private final Map<String, Double> steps = new LinkedHashMap<>();
  private final long heldAtNanos = System.nanoTime();
  private long lastNanos = heldAtNanos;
  private double pauseMillis;
  private long provenRows;
  private String unproven = "";

  /** Notes that a step has ended now, and began when the one before ended; writes are held until the last of them. */
  void ended(SwitchStep step) {
    long now = System.nanoTime();
    steps.put(step.name().toLowerCase(Locale.ROOT).replace('_', '-'), millis(now - lastNanos));
    lastNanos = now;
    pauseMillis = millis(now - heldAtNanos);
  }

  /** Notes how many rows were proven equal, and why others were not; empty where all were. */
  void proved(long rows, String notProven) {
    provenRows = rows;
    unproven = notProven;
  }

  /** Returns how long writes have been held by now. */
  long heldNanos() {
    return System.nanoTime() - heldAtNanos;
  }

  /** Returns the time from holding writes to letting them through, as the mover saw it. */
  public double pauseMillis() {
    return pauseMillis;
  }

  /** Returns the report as the journal keeps it. */
  public Map<String, Object> asMap() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("pauseMillis", pauseMillis);
    report.put("steps", steps);
    report.put("provenRows", provenRows);
    if (!unproven.isEmpty()) {
      report.put("unproven", unproven);
    }
    return report;
  }

  private static double millis(long nanos) {
    return Math.round(nanos * 100.0 / TimeUnit.MILLISECONDS.toNanos(1)) / 100.0;
  }
}
