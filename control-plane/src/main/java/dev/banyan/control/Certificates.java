package dev.banyan.control;

import dev.banyan.control.client.Owner;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * What was proven of a module's tables. Each table has a certificate of its own; the module's says what they say
 * together, and there is one only where every table has one.
 */
public final class Certificates {

  private static final String SINCE_PLANNED = """
      epoch >= (select coalesce(max(epoch), 0) from banyan.journal where module = :module and event = 'planned')""";

  private final Jdbi monolith;

  /** Creates the access to the certificates kept in a monolith's database. */
  public Certificates(Jdbi monolith) {
    this.monolith = monolith;
  }

  /**
   * What was proven of one table.
   *
   * @param table its name in the monolith
   * @param owner the side whose log the position is of
   * @param position where both sides stood
   * @param at when they stood there
   * @param equal whether every row was equal
   * @param rows the owner's rows at the last comparison of all of them
   * @param hash the hash of these rows
   * @param comparedAt when all rows were compared; before {@code at} where later proofs compared what had changed
   * @param series the series of changed keys without which nothing later can be proven from here
   * @param shape what the table was on both sides, in a form that can be compared
   */
  public record TableCertificate(String table, Owner owner, String position, Instant at, boolean equal, long rows,
      String hash, Instant comparedAt, UUID series, String shape) {

    /** Returns the certificate of a later proof of what has changed since. */
    public TableCertificate renewed(Owner nowOwner, String nowPosition, Instant nowAt, boolean nowEqual) {
      return new TableCertificate(table, nowOwner, nowPosition, nowAt, nowEqual, rows, hash, comparedAt, series, shape);
    }
  }

  /**
   * What the certificates of all tables say together.
   *
   * @param oldest the certificate with the oldest comparison of all rows
   * @param equal whether every row of every table was equal
   */
  public record Certificate(TableCertificate oldest, boolean equal) {

    /** Tells how long ago every row was compared. */
    public Duration age(Instant now) {
      return Duration.between(oldest.comparedAt(), now);
    }
  }

  /**
   * Keeps a table's certificate in place of its former one.
   *
   * @throws StaleMoverException if another mover has taken over
   */
  public void keep(Extraction at, TableCertificate certificate) {
    monolith.useTransaction(handle -> {
      ControlPlane.requireCurrent(handle, at);
      keep(handle, at, certificate);
    });
  }

  private static void keep(Handle handle, Extraction at, TableCertificate certificate) {
    handle.createUpdate("""
            insert into banyan.table_certificate
              (module, name, epoch, owner, position, at, equal, rows, hash, compared_at, series, shape)
            values (:module, :name, :epoch, :owner, :position::pg_lsn, :at, :equal, :rows, :hash, :compared, :series, :shape)
            on conflict (module, name) do update set epoch = excluded.epoch, owner = excluded.owner,
              position = excluded.position, at = excluded.at, equal = excluded.equal, rows = excluded.rows,
              hash = excluded.hash, compared_at = excluded.compared_at, series = excluded.series, shape = excluded.shape""")
        .bind("module", at.module()).bind("name", certificate.table()).bind("epoch", at.epoch())
        .bind("owner", certificate.owner().name()).bind("position", certificate.position())
        .bind("at", certificate.at()).bind("equal", certificate.equal()).bind("rows", certificate.rows())
        .bind("hash", certificate.hash()).bind("compared", certificate.comparedAt()).bind("series", certificate.series()).bind("shape", certificate.shape())
        .execute();
  }

  /** Keeps the report of a verification; what is in force are the tables' certificates. */
  public void report(Extraction at, String position, boolean equal, Object report) {
    monolith.useHandle(handle -> handle.execute("""
        insert into banyan.certificate (module, epoch, owner, position, equal, report)
        values (?, ?, ?, ?::pg_lsn, ?, cast(? as jsonb))""",
        at.module(), at.epoch(), at.owner().name(), position, equal, Journal.json(report)));
  }

  /** Returns the certificates since the move was planned, by the tables' names in the monolith; none for a table without. */
  public Map<String, Optional<TableCertificate>> ofTables(String module) {
    return monolith.withHandle(handle -> {
      Map<String, Optional<TableCertificate>> certificates = new LinkedHashMap<>();
      handle.createQuery("select source from banyan.moved_table where module = ? order by source").bind(0, module)
          .mapTo(String.class).forEach(table -> certificates.put(table, Optional.empty()));
      kept(handle, module).forEach(kept -> certificates.replace(kept.table(), Optional.of(kept)));
      return certificates;
    });
  }

  private static List<TableCertificate> kept(Handle handle, String module) {
    return handle.createQuery("""
            select name, owner, position::text, at, equal, rows, hash, compared_at, series, shape
            from banyan.table_certificate where module = :module and\s""" + SINCE_PLANNED)
        .bind("module", module)
        .map((row, context) -> new TableCertificate(row.getString(1), Owner.valueOf(row.getString(2)), row.getString(3),
            row.getTimestamp(4).toInstant(), row.getBoolean(5), row.getLong(6), row.getString(7),
            row.getTimestamp(8).toInstant(), row.getObject(9, UUID.class), row.getString(10)))
        .list();
  }

  /** Returns the certificate of the whole module, if every table has one. */
  public Optional<Certificate> ofModule(String module) {
    return ofModule(ofTables(module));
  }

  /** Returns what the certificates of all tables say together, if every table has one. */
  public static Optional<Certificate> ofModule(Map<String, Optional<TableCertificate>> tables) {
    if (tables.values().stream().anyMatch(Optional::isEmpty)) {
      return Optional.empty();
    }
    boolean equal = tables.values().stream().flatMap(Optional::stream).allMatch(TableCertificate::equal);
    return tables.values().stream().flatMap(Optional::stream)
        .min(Comparator.comparing(TableCertificate::comparedAt)).map(oldest -> new Certificate(oldest, equal));
  }
}
