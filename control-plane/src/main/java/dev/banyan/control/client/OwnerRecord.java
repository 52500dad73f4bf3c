package dev.banyan.control.client;

import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.sql.DataSource;

/**
 * The owner record of one module, read from view {@code banyan.ownership} of the monolith's database.
 *
 * <p>An answer may be up to {@code maxAge} old. That is safe: whoever writes to a side that no longer owns meets the
 * {@linkplain Fence fence}, and then calls {@link #refresh()}. A database without Banyan's tables, H2 included, says
 * that the monolith owns everything. Safe for use by several threads.
 */
public final class OwnerRecord {

  private static final String QUERY =
      "select owner, epoch, service_url from banyan.ownership where module = ?";

  private final DataSource monolith;
  private final String module;
  private final long maxAgeNanos;
  private final LongSupplier nanoTime;
  private volatile Read last;

  private record Read(Ownership ownership, long atNanos, boolean stale) {}

  /**
   * Creates the record's reader; nothing is read yet.
   *
   * @param monolith the monolith's database
   * @param module the module's name in its plan
   * @param maxAge how old an answer of {@link #current()} may be
   */
  public OwnerRecord(DataSource monolith, String module, Duration maxAge) {
    this(monolith, module, maxAge, System::nanoTime);
  }

  OwnerRecord(DataSource monolith, String module, Duration maxAge, LongSupplier nanoTime) {
    this.monolith = monolith;
    this.module = module;
    this.maxAgeNanos = maxAge.toNanos();
    this.nanoTime = nanoTime;
    this.last = new Read(Ownership.untouched(module), 0, true);
  }

  /**
   * Returns the owner, at most {@code maxAge} old.
   *
   * @throws IllegalStateException if the record is too old and the database does not answer
   */
  public Ownership current() {
    Read read = last;
    return read.stale() || nanoTime.getAsLong() - read.atNanos() > maxAgeNanos ? refresh() : read.ownership();
  }

  /**
   * Reads the owner anew.
   *
   * @throws IllegalStateException if the database does not answer
   */
  public Ownership refresh() {
    long asked = nanoTime.getAsLong();
    Ownership ownership = read();
    last = new Read(ownership, asked, false);
    return ownership;
  }

  private Ownership read() {
    try (var connection = monolith.getConnection();
        var statement = connection.prepareStatement(QUERY)) {
      statement.setString(1, module);
      try (var row = statement.executeQuery()) {
        return row.next()
            ? new Ownership(module, Owner.valueOf(row.getString(1)), row.getLong(2),
                Optional.ofNullable(row.getString(3)).map(URI::create))
            : Ownership.untouched(module);
      }
    } catch (SQLException e) {
      if (isMissing(e)) {
        return Ownership.untouched(module);
      }
      throw new IllegalStateException("The owner of module '%s' is unknown: the monolith's database does not answer"
          .formatted(module), e);
    }
  }

  /** PostgreSQL says 3F000 or 42P01 for a schema or view that is not there, H2 says 90079 or 42S02 (42S04 in an empty database). */
  private static boolean isMissing(SQLException e) {
    return switch (String.valueOf(e.getSQLState())) {
      case "3F000", "42P01", "90079", "42S02", "42S03", "42S04" -> true;
      default -> false;
    };
  }
}
