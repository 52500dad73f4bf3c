package dev.banyan.move.database;

/**
 * A position in a server's write-ahead log, a byte offset. Positions of different servers cannot be compared.
 *
 * @param value the offset, unsigned
 */
public record Lsn(long value) implements Comparable<Lsn> {

  /** The position before every other. */
  public static final Lsn ZERO = new Lsn(0);
  /** The position behind every other. */
  public static final Lsn LAST = new Lsn(-1);

  /** Reads PostgreSQL's notation, two hexadecimal numbers with a slash between. */
  public static Lsn parse(String text) {
    int slash = text.indexOf('/');
    return new Lsn(Long.parseUnsignedLong(text.substring(0, slash), 16) << 32
        | Long.parseUnsignedLong(text.substring(slash + 1), 16));
  }

  /** Returns the number of bytes from another position to this one, negative where this one comes first. */
  public long minus(Lsn other) {
    return value - other.value;
  }

  /** Tells whether this position lies behind the other. */
  public boolean isAfter(Lsn other) {
    return compareTo(other) > 0;
  }

  @Override
  public int compareTo(Lsn other) {
    return Long.compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    return "%X/%X".formatted(value >>> 32, value & 0xFFFFFFFFL);
  }
}
