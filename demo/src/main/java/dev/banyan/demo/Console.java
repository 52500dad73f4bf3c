package dev.banyan.demo;

import java.io.PrintStream;
import java.util.function.Supplier;

/** Tells how the demo goes: plain lines, and in a terminal a line below them that is always up to date. */
final class Console implements AutoCloseable {

  private static final long REFRESH_MILLIS = 250;
  private static final String CLEAR_LINE = "\r\033[K";

  private final PrintStream out;
  private final boolean terminal;
  private final long startNanos = System.nanoTime();
  private final Thread refresher = new Thread(this::refresh, "console");
  private volatile Supplier<String> status = () -> "";
  private volatile boolean closed;

  Console(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
    if (terminal) {
      refresher.setDaemon(true);
      refresher.start();
    }
  }

  /** Shows this below the lines, in a terminal only. */
  void status(Supplier<String> live) {
    status = live;
  }

  /** Prints a line with the time since the start. */
  synchronized void say(String line) {
    out.printf("%s%6.1f s  %s%n", terminal ? CLEAR_LINE : "", (System.nanoTime() - startNanos) / 1e9, line);
    out.flush();
  }

  /** Prints a text as it is. */
  synchronized void print(String text) {
    out.println((terminal ? CLEAR_LINE : "") + text);
    out.flush();
  }

  private void refresh() {
    try {
      while (!closed) {
        Thread.sleep(REFRESH_MILLIS);
        synchronized (this) {
          out.print(CLEAR_LINE + status.get());
          out.flush();
        }
      }
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  @Override
  public void close() {
    closed = true;
    refresher.interrupt();
  }
}
