package dev.banyan.proxy.hold;

/** A write that waits at a gate. Exactly one of its two methods is called, once, unless it was withdrawn before. */
public interface HeldWrite {

  /** Lets the write go on. Must return at once; whoever implements it finishes the pass in the end. */
  void pass(Pass pass);

  /** Ends the wait without sending the write anywhere. Must return at once. */
  void refuse(Refusal refusal);
}
