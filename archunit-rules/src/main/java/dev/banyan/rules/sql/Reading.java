package dev.banyan.rules.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was read from a text.
 *
 * @param uses the tables, each once with the strongest access
 * @param understanding how far the text was understood
 * @param searchPath the schema that the text sets for names without one
 */
public record Reading(List<TableUse> uses, Understanding understanding, Optional<String> searchPath) {

  /** Merges the uses of one table. */
  public Reading {
    Map<TableName, TableUse> merged = new LinkedHashMap<>();
    uses.forEach(use -> merged.merge(use.table(), use, (a, b) -> new TableUse(a.table(), a.access().stronger(b.access()), a.line())));
    uses = List.copyOf(merged.values());
    understanding = uses.stream().anyMatch(use -> use.table().isUnknown()) ? Understanding.NOT : understanding;
  }

  /** Returns the reading of a text that is known only at run time. */
  static Reading nothing() {
    return new Reading(List.of(), Understanding.NOT, Optional.empty());
  }

  /** Returns this and what comes behind it in the same text. */
  Reading and(Reading next) {
    List<TableUse> all = new ArrayList<>(uses);
    all.addAll(next.uses);
    Understanding less = understanding.compareTo(next.understanding) >= 0 ? understanding : next.understanding;
    return new Reading(all, less, next.searchPath.or(() -> searchPath));
  }
}
