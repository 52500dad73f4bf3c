package dev.banyan.move.verify;

import java.util.List;

/**
 * What the comparison of one table found.
 *
 * @param name the owner's table
 * @param rows rows on the owner's side
 * @param different rows that are on both sides and not equal
 * @param missing rows that only the owner has
 * @param extra rows that only the other side has
 * @param samples some of their keys, with what is wrong
 */
public record TableResult(String name, long rows, long different, long missing, long extra, List<String> samples) {

  /** Tells whether both sides have the same rows. */
  public boolean isEqual() {
    return different == 0 && missing == 0 && extra == 0;
  }
}
