package dev.banyan.move.verify;

import dev.banyan.control.Certificates;
import dev.banyan.control.Certificates.TableCertificate;
import dev.banyan.control.Extraction;
import dev.banyan.control.client.Owner;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Writes down what was proven. The keys that a proof makes superfluous are forgotten after it was written down: whoever
 * is killed in between has more to compare next time, never less.
 */
final class Certifier {

  private final Certificates certificates;
  private final KeySets sets;
  private final Extraction record;

  Certifier(Certificates certificates, KeySets sets, Extraction record) {
    this.certificates = certificates;
    this.sets = sets;
    this.record = record;
  }

  /** Certifies what the comparison of all rows of a table has found. */
  void compared(String table, Pin pin, TableResult result, UUID series, String shape, Map<Owner, List<Long>> pages) {
    certificates.keep(record, new TableCertificate(table, record.owner(), pin.position().toString(), pin.at(),
        result.isEqual(), result.rows(), result.hash(), pin.at(), series, shape));
    forget(result, pages);
  }

  /** Certifies what the comparison of what has changed since {@code before} has found, at a position of {@code owner}'s log. */
  void renewed(TableCertificate before, Owner owner, Pin pin, TableResult result, Map<Owner, List<Long>> pages) {
    certificates.keep(record, before.renewed(owner, pin.position().toString(), pin.at(), result.isEqual()));
    forget(result, pages);
  }

  private void forget(TableResult result, Map<Owner, List<Long>> pages) {
    if (result.isEqual()) {
      pages.forEach(sets::forget);
    }
  }
}
