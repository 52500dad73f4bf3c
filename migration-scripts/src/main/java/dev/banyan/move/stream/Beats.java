package dev.banyan.move.stream;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** Measures lag from heartbeats: when each was put into the owner's log, and when the applier met it. */
final class Beats {

  private final Deque<Instant> outstanding = new ArrayDeque<>();
  private Duration lastMeasured = Duration.ZERO;

  synchronized void sent(Instant at) {
    outstanding.add(at);
  }

  synchronized void met(Instant at, Instant now) {
    while (!outstanding.isEmpty() && !outstanding.peek().isAfter(at)) {
      outstanding.poll();
    }
    lastMeasured = Duration.between(at, now);
  }

  /** Returns the last measured lag, or the age of the oldest heartbeat not met where that is more. */
  synchronized Duration lag(Instant now) {
    if (outstanding.isEmpty()) {
      return lastMeasured;
    }
    Duration waiting = Duration.between(outstanding.peek(), now);
    return waiting.compareTo(lastMeasured) > 0 ? waiting : lastMeasured;
  }
}
