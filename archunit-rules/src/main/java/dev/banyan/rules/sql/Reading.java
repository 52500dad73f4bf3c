package dev.banyan.rules.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What was read from a text.
 *
 * @param uses the tables, each once with the strongest access
 * @param atMost how far the text was understood, as far as that is known without a parser
 * @param unparsed the statements that a parser has not looked at yet
 * @param searchPath the schema that the text sets for names without one
 */
public record Reading(List<TableUse> uses, Understanding atMost, List<String> unparsed, Optional<String> searchPath) {

  /** Merges the uses of one table. */
  public Reading {
    Map<TableName, TableUse> merged = new LinkedHashMap<>();
    uses.forEach(use -> merged.merge(use.table(), use, (a, b) -> new TableUse(a.table(), a.access().stronger(b.access()), a.line())));
    uses = List.copyOf(merged.values());
    atMost = uses.stream().anyMatch(use -> use.table().isUnknown()) ? Understanding.NOT : atMost;
    unparsed = List.copyOf(unparsed);
  }

  /** Creates a reading that needs no parser. */
  public Reading(List<TableUse> uses, Understanding understanding, Optional<String> searchPath) {
    this(uses, understanding, List.of(), searchPath);
  }

  /** Returns the reading of a text that is known only at run time. */
  public static Reading notKnown() {
    return new Reading(List.of(), Understanding.NOT, Optional.empty());
  }

  /** Tells whether all tables are known; unlike {@link #understanding()}, this costs nothing. */
  public boolean isKnown() {
    return atMost != Understanding.NOT;
  }

  /** Returns how far the text was understood. A parser is asked now, which takes longer than reading the text has taken. */
  public Understanding understanding() {
    return atMost == Understanding.WHOLE && !unparsed.stream().allMatch(SqlReader::isParsed) ? Understanding.PART : atMost;
  }

  /** Returns this without some of the tables. */
  public Reading without(Predicate<TableUse> left) {
    return uses.stream().noneMatch(left) ? this : new Reading(uses.stream().filter(left.negate()).toList(), atMost, unparsed, searchPath);
  }

  /** Returns this and what comes behind it in the same text. */
  Reading and(Reading next) {
    List<TableUse> all = new ArrayList<>(uses);
    all.addAll(next.uses);
    List<String> texts = new ArrayList<>(unparsed);
    texts.addAll(next.unparsed);
    Understanding less = atMost.compareTo(next.atMost) >= 0 ? atMost : next.atMost;
    return new Reading(all, less, texts, next.searchPath.or(() -> searchPath));
  }
}
