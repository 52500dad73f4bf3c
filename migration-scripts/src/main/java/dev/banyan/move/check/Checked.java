package dev.banyan.move.check;

import dev.banyan.move.database.MovedTable;
import java.util.List;

/**
 * The outcome of a check.
 *
 * @param tables the moved tables as both sides have them; complete only where nothing was found
 * @param findings every obstacle
 */
public record Checked(List<MovedTable> tables, List<Finding> findings) {

  /** Tells whether nothing stands in the way. */
  public boolean isClear() {
    return findings.isEmpty();
  }
}
