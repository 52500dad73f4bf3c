package dev.banyan.move.cutover.protocol;

import dev.banyan.control.Extraction;
import dev.banyan.control.client.Owner;
import java.sql.SQLException;

/**
 * What settling can do. Each act either happens whole or not at all; none of them waits for writers of the owner, and each
 * refuses an epoch that has passed with a {@link dev.banyan.control.StaleMoverException}.
 */
public interface SettlingActs {

  /** Returns normally only if no mover has taken over since. */
  void requireCurrent(Extraction record);

  /** Makes what the fence of a side needs, where it is missing. */
  void install(Owner side, long epoch) throws SQLException, InterruptedException;

  /** Lets {@code epoch} act on a side, and none before it. */
  void adopt(Owner side, long epoch);

  /** Refuses all writes on a side, where it does not already. */
  void close(Owner side, long epoch) throws SQLException, InterruptedException;

  /** Allows writes on a side, where it does not already. */
  void open(Owner side, long epoch) throws SQLException, InterruptedException;

  /** Lets the writes go that proxies hold; returns the record as it is then. */
  Extraction release(Extraction record);
}
