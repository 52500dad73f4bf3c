package dev.banyan.proxy.hold;

/** A gate's answer to a new write. */
public sealed interface Admission {

  /** The write may go on at once; it counts as in flight until the pass is finished. */
  record Passed(Pass pass) implements Admission {}

  /** The write waits; the gate calls it. */
  record Waits() implements Admission {}

  /** The write must not be sent. */
  record Refused(Refusal refusal) implements Admission {}
}
