package dev.banyan.move.plan;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes, zero or more; {@code kB}, {@code MB}, {@code GB} and {@code TB} are powers of 1024, as in
 * PostgreSQL's own settings.
 *
 * @param bytes the number
 */
public record ByteCount(long bytes) {

  private static final Pattern FORM = Pattern.compile("(\\d{1,9})\\s*(B|kB|MB|GB|TB)", Pattern.CASE_INSENSITIVE);
  private static final String UNITS = "bkmgt";

  /** Refuses a negative number. */
  public ByteCount {
    if (bytes < 0) {
      throw new IllegalArgumentException("negative: " + bytes);
    }
  }

  /**
   * Reads a number with its unit, such as {@code 10GB}.
   *
   * @throws IllegalArgumentException if it has another form
   */
  public static ByteCount parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'%s' is no size; write it like 512MB or 10GB".formatted(text));
    }
    int power = UNITS.indexOf(matcher.group(2).toLowerCase(Locale.ROOT).charAt(0));
    return new ByteCount(Long.parseLong(matcher.group(1)) << (10 * power));
  }

  @Override
  public String toString() {
    int power = 0;
    while (power < 4 && bytes >= 1024L << (10 * power)) {
      power++;
    }
    return power == 0 ? bytes + " B" : "%.1f %sB".formatted(bytes / (double) (1L << (10 * power)), "kMGT".charAt(power - 1));
  }
}
