package dev.banyan.proxy.hold;

import java.util.concurrent.atomic.AtomicInteger;

/** The time of one route table, and the number of writes in flight that were routed by it. */
final class Era {

  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile boolean over;

  void enter() {
    inFlight.incrementAndGet();
  }

  /** Returns whether this was the last write of an era that is over. */
  boolean leave() {
    return inFlight.decrementAndGet() == 0 && over;
  }

  void end() {
    over = true;
  }

  boolean isDrained() {
    return inFlight.get() == 0;
  }
}
