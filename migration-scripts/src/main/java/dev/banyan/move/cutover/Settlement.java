package dev.banyan.move.cutover;

import dev.banyan.control.ControlPlane;
import dev.banyan.control.Extraction;
import dev.banyan.move.cutover.protocol.SettlingStep;
import dev.banyan.move.database.Link;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Makes both databases and the routes what the extraction's record says they are.
 *
 * <p>Idea: the record is the single source of truth, and a switch changes its owner in one place only, at the point of
 * no return. So a switch that was broken off needs no memory of its own: before that point, settling takes it back; after
 * it, settling carries it forward. {@link SettlingStep} says in which order.
 */
public final class Settlement {

  private final DatabaseSettling acts;

  /** Creates a settlement that waits this long for locks, and lets traffic through before it tries again. */
  public Settlement(Link link, ControlPlane control, Duration lockTimeout) {
    this.acts = new DatabaseSettling(link, control, lockTimeout);
  }

  /** Settles everything that customers can notice; returns the record as it is afterwards. */
  public Extraction settle(Extraction record) throws SQLException, InterruptedException {
    Extraction settled = record;
    for (SettlingStep step : SettlingStep.values()) {
      settled = step.run(acts, settled);
    }
    return settled;
  }

  /** Drops the slot of the side that does not own: made for a switch that was cancelled, or left by one that was not. */
  public void dropOtherSlot(Extraction record) throws InterruptedException {
    new Replication(acts.link(), record.owner().other()).dropSlot(acts.control(), record);
  }
}
