package dev.banyan.control;

/** Thrown where a mover acts under an epoch that is no longer the extraction's: another mover has taken over. */
public final class StaleMoverException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Creates the exception for a module and the epoch that was refused. */
  public StaleMoverException(String module, long epoch) {
    super("Module '%s' has passed epoch %d: another mover has taken over, this one stops.".formatted(module, epoch));
  }
}
