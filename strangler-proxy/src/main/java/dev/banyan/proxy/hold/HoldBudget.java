package dev.banyan.proxy.hold;

import java.util.concurrent.atomic.AtomicInteger;

/** How many writes a proxy may keep waiting, over all modules. Safe for use by several threads. */
public final class HoldBudget {

  private final int most;
  private final AtomicInteger taken = new AtomicInteger();

  /** Creates a budget of so many writes. */
  public HoldBudget(int most) {
    this.most = most;
  }

  boolean take() {
    if (taken.incrementAndGet() <= most) {
      return true;
    }
    taken.decrementAndGet();
    return false;
  }

  void giveBack(int count) {
    taken.addAndGet(-count);
  }
}
