package dev.banyan.move.verify;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Counts what a verification has compared, and says so once a second. Safe for use by several threads. */
final class VerifyProgress {

  /** Says nothing. */
  static final VerifyProgress NONE = new VerifyProgress(0, text -> { });

  private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final int tables;
  private final Consumer<String> listener;
  private int ended;
  private long rows;
  private long saidAtNanos = System.nanoTime();

  VerifyProgress(int tables, Consumer<String> listener) {
    this.tables = tables;
    this.listener = listener;
  }

  synchronized void compared(long more) {
    rows += more;
    if (System.nanoTime() - saidAtNanos > EVERY_NANOS) {
      say();
    }
  }

  synchronized void ended() {
    ended++;
    say();
  }

  private void say() {
    saidAtNanos = System.nanoTime();
    listener.accept("%,d rows compared, %d of %d tables done".formatted(rows, ended, tables));
  }
}
