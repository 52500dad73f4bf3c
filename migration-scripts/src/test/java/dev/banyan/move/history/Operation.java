package dev.banyan.move.history;

/**
 * One thing that a client asked for.
 *
 * @param begun when it was asked, on a clock that all clients share
 * @param ended when the answer came; {@link #NEVER} where none did
 * @param kind what was asked
 * @param value what was written, or what was answered
 */
public record Operation(long begun, long ended, Kind kind, long value) {

  /** Later than every answer. */
  public static final long NEVER = Long.MAX_VALUE;

  /** What can be asked of a number. */
  public enum Kind {
    /** Adds one; {@code value} is the sum that was answered. */
    INCREMENT,
    /** Adds one, and nobody was told the sum. */
    SILENT_INCREMENT,
    /** Sets it to {@code value}. */
    WRITE,
    /** {@code value} is what was read. */
    READ
  }
}
