package dev.banyan.move.cutover;

/** Thrown where a switch was broken off and not settled yet: whoever takes the extraction over next has to do it first. */
public final class UnsettledSwitchException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnsettledSwitchException(Throwable cause) {
    super("A switch was broken off and is settled anew: " + cause.getMessage(), cause);
  }
}
