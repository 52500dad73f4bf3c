package dev.banyan.proxy.hold;

import dev.banyan.proxy.route.ModuleState;
import java.util.concurrent.atomic.AtomicBoolean;

/** The leave to send one write to the owner of one route version. */
public final class Pass {

  private final ModuleState state;
  private final Runnable whenFinished;
  private final AtomicBoolean finished = new AtomicBoolean();

  Pass(ModuleState state, Runnable whenFinished) {
    this.state = state;
    this.whenFinished = whenFinished;
  }

  /** Returns what held for the module when the write was let go; its owner gets the write. */
  public ModuleState state() {
    return state;
  }

  /** Tells that nothing of the write is under way any more. Only the first call counts. */
  public void finished() {
    if (finished.compareAndSet(false, true)) {
      whenFinished.run();
    }
  }
}
