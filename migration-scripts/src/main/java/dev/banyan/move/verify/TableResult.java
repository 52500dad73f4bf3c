package dev.banyan.move.verify;

import java.util.List;

/**
 * What the comparison of one table found.
 *
 * @param name the owner's table
 * @param rows the owner's rows that were compared, or the keys where only changed ones were
 * @param different rows that are on both sides and not equal
 * @param missing rows that only the owner has
 * @param extra rows that only the other side has
 * @param differences the first of these rows, with what is wrong
 * @param hash of all the owner's rows; empty where only changed ones were compared
 */
public record TableResult(String name, long rows, long different, long missing, long extra,
    List<RowDifference> differences, String hash) {

  private static final int MOST_SAMPLES = 10;

  static TableResult of(String name, long rows, Findings findings, String hash) {
    return new TableResult(name, rows, findings.count(RowDifference.Kind.DIFFERENT), findings.count(RowDifference.Kind.MISSING),
        findings.count(RowDifference.Kind.EXTRA), List.copyOf(findings.kept()), hash);
  }

  /** Tells whether both sides have the same rows. */
  public boolean isEqual() {
    return differing() == 0;
  }

  /** Returns the number of rows that are not equal. */
  public long differing() {
    return different + missing + extra;
  }

  /** Returns the differences that reports name. */
  public List<RowDifference> samples() {
    return differences.stream().limit(MOST_SAMPLES).toList();
  }

  /** Returns the same result with differences that say more. */
  TableResult with(List<RowDifference> detailed) {
    return new TableResult(name, rows, different, missing, extra, detailed, hash);
  }
}
