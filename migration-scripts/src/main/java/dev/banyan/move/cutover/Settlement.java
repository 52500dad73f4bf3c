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

  /**
   * Opens the owner and lets go what is held, where the other side does not answer. That side was closed before the owner was
   * decided, and nobody has opened it since: whoever would have, had to decide first, and under this epoch nobody else can.
   */
  public Extraction openOwnerAlone(Extraction record) throws SQLException, InterruptedException {
    acts.requireCurrent(record);
    acts.adopt(record.owner(), record.epoch());
    acts.open(record.owner(), record.epoch());
    return record.held() ? acts.release(record) : record;
  }

  /** Drops the slot of the side that does not own: made for a switch that was cancelled, or left by one that was not. */
  public void dropOtherSlot(Extraction record) throws InterruptedException {
    new Replication(acts.link(), record.owner().other()).dropSlot(acts.control(), record);
  }

  /** Drops that slot where it has come since: a mover that was replaced may have made it before it knew. */
  public void dropStraySlot(Extraction record) {
    new Replication(acts.link(), record.owner().other()).dropIdleSlot(acts.control(), record);
  }
}
