package dev.banyan.move.cutover;

import java.util.LinkedHashMap;
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

  /** Notes that a step has ended now, and began when the one before ended. */
  void ended(String step) {
    long now = System.nanoTime();
    steps.put(step, millis(now - lastNanos));
    lastNanos = now;
  }

  /** Notes how many rows were proven equal, and why others were not; empty where all were. */
  void proved(long rows, String notProven) {
    provenRows = rows;
    unproven = notProven;
  }

  /** Notes that writes are let through again. */
  void released() {
    ended("release");
    pauseMillis = millis(lastNanos - heldAtNanos);
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
