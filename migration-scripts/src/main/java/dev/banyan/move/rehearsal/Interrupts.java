package dev.banyan.move.rehearsal;

/** Work that waits for nothing but a server does not notice an interrupt by itself. */
final class Interrupts {

  private Interrupts() {}

  /** Ends what this thread does where it was told to stop. */
  static void check() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("told to stop");
    }
  }
}
