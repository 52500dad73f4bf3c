package dev.banyan.move.check;

/**
 * One obstacle to a move, or one condition that a switch has to wait for.
 *
 * @param condition what must hold
 * @param measured what was found
 * @param allowed what would do
 * @param remedy what to do about it
 */
public record Finding(String condition, String measured, String allowed, String remedy) {

  @Override
  public String toString() {
    return "%s: %s, needed: %s. %s".formatted(condition, measured, allowed, remedy);
  }
}
