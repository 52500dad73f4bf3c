package dev.banyan.move.cutover.protocol;

/** Told of each step before it runs; may keep it waiting, or fail in its place. */
public interface StepGate {

  /** Lets every step through at once. */
  StepGate OPEN = step -> { };

  /** Returns when the step may run. */
  void pass(Step step) throws InterruptedException;
}
