package dev.banyan.move.mover;

import dev.banyan.move.verify.RowDifference;
import dev.banyan.move.verify.TableResult;
import dev.banyan.move.verify.VerifyReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a verification answers; the keys are documented in docs/status.md and stay. No values, and keys only masked. */
final class VerifyOutcome {

  private VerifyOutcome() {}

  static Map<String, Object> of(VerifyReport report) {
    Map<String, Object> outcome = new LinkedHashMap<>();
    outcome.put("equal", report.isEqual());
    outcome.put("position", report.position().toString());
    outcome.put("compared", report.changedOnly() ? "changed" : "all");
    outcome.put("tables", report.tables().stream().map(VerifyOutcome::of).toList());
    return outcome;
  }

  private static Map<String, Object> of(TableResult table) {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("name", table.name());
    described.put("rows", table.rows());
    described.put("different", table.different());
    described.put("missing", table.missing());
    described.put("extra", table.extra());
    described.put("samples", table.samples().stream().map(RowDifference::masked).toList());
    described.put("differences", table.samples().stream().map(VerifyOutcome::of).toList());
    if (!table.hash().isEmpty()) {
      described.put("hash", table.hash());
    }
    return described;
  }

  private static Map<String, Object> of(RowDifference difference) {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("kind", difference.kind().word());
    described.put("key", difference.key().masked());
    described.put("columns", difference.columns());
    return described;
  }

  /** Returns what a repair changes in the answer: whether both sides are equal now, and where. */
  static Map<String, Object> ofRepair(VerifyReport found, VerifyReport proven) {
    Map<String, Object> repaired = new LinkedHashMap<>();
    repaired.put("rows", found.differing());
    repaired.put("found", found.position().toString());
    Map<String, Object> changed = new LinkedHashMap<>();
    changed.put("equal", proven.isEqual());
    changed.put("position", proven.position().toString());
    changed.put("repaired", repaired);
    return changed;
  }

  /** Returns the masked keys of the rows that differ, for the journal. */
  static Map<String, Object> keys(VerifyReport found) {
    Map<String, Object> tables = new LinkedHashMap<>();
    for (TableResult table : found.tables()) {
      List<String> samples = table.samples().stream().map(RowDifference::masked).toList();
      if (!table.isEqual()) {
        tables.put(table.name(), Map.of("rows", table.differing(), "keys", samples));
      }
    }
    return tables;
  }
}
