package dev.banyan.move.rehearsal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What the replay's writers have seen; told by all of them, and asked by another thread. */
final class WriterLog {

  private long written;
  private long refused;
  private long failed;
  private Optional<String> failure = Optional.empty();
  private long lastNanos;
  private boolean isBegun;
  private long gapNanos;
  private long slowestNanos;
  private long longestGapNanos;
  private long longestWriteNanos;

  /** A write was acknowledged, so long after it was tried first. */
  synchronized void acknowledged(long tookNanos) {
    long now = System.nanoTime();
    if (isBegun) {
      gapNanos = Math.max(gapNanos, now - lastNanos);
    }
    isBegun = true;
    lastNanos = now;
    slowestNanos = Math.max(slowestNanos, tookNanos);
    written++;
    notifyAll();
  }

  /** The fence has refused a write, which is tried again. */
  synchronized void refused() {
    refused++;
  }

  /** A write has failed for another reason, and is given up. */
  synchronized void failed(String reason) {
    failed++;
    failure = failure.or(() -> Optional.of(reason));
    notifyAll();
  }

  /** Forgets the gap and the slowest write of before: from here on counts what a switch does. */
  synchronized void begin() {
    gapNanos = 0;
    slowestNanos = 0;
  }

  /** Takes over what writers have seen since {@link #begin}, with the writes that were waiting then. */
  synchronized void end() {
    longestGapNanos = Math.max(longestGapNanos, gapNanos);
    longestWriteNanos = Math.max(longestWriteNanos, slowestNanos);
  }

  /** Waits until so many more writes have ended. */
  synchronized void awaitMore(int more, long withinMillis) throws InterruptedException {
    long enough = written + failed + more;
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(withinMillis);
    while (written + failed < enough && System.nanoTime() < deadline) {
      wait(100);
    }
  }

  synchronized long written() {
    return written;
  }

  synchronized Map<String, Object> asMap() {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("written", written);
    described.put("refused", refused);
    described.put("failed", failed);
    failure.ifPresent(reason -> described.put("failure", reason));
    described.put("longestGapMillis", millis(longestGapNanos));
    described.put("slowestWriteMillis", millis(longestWriteNanos));
    return described;
  }

  private static double millis(long nanos) {
    return Math.round(nanos / 10_000.0) / 100.0;
  }
}
