package dev.banyan.proxy.hold;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of bodies a proxy may keep of the writes that wait, over all modules. Safe for use by several threads. */
public final class ByteBudget {

  private final long most;
  private final AtomicLong taken = new AtomicLong();

  /** Creates a budget of so many bytes. */
  public ByteBudget(long most) {
    this.most = most;
  }

  /** Takes bytes out of the budget; all of them or, answered with false, none. */
  public boolean take(long bytes) {
    long before = taken.get();
    while (bytes <= most - before) {
      if (taken.compareAndSet(before, before + bytes)) {
        return true;
      }
      before = taken.get();
    }
    return false;
  }

  /** Returns bytes that were taken. */
  public void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }

  /** Returns how many bytes are taken. */
  public long taken() {
    return taken.get();
  }
}
