package dev.banyan.move.stream;

import dev.banyan.move.database.Lsn;
import java.sql.SQLException;

/**
 * Takes what a stream delivers: whole transactions in commit order, their changes first, then {@link #committed}.
 * Called by one thread.
 */
interface StreamSink {

  /**
   * Takes one change.
   *
   * @param at the log position of the change, which lies before the end of its transaction
   */
  void changed(RowChange change, Lsn at) throws SQLException, InterruptedException;

  /** Takes a mark that was put into the log. */
  void marked(String content);

  /**
   * Ends a transaction.
   *
   * @param end the log position behind its commit record
   */
  void committed(Lsn end) throws SQLException, InterruptedException;

  /**
   * Ends a delivery; what is complete is to be made durable now, or, where the next delivery waits already, by its end.
   *
   * @param nextWaits whether there is more to deliver
   * @return the position up to which the log is no longer needed
   */
  Lsn delivered(boolean nextWaits) throws SQLException, InterruptedException;
}
