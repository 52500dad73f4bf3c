package dev.banyan.move.cutover.protocol;

import dev.banyan.control.Extraction;
import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Lsn;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * What a switch can do. "From" is the side that gives the tables up, "to" the one that gets them. An act may fail where
 * it is not possible in time; it has changed nothing then, or nothing that settling does not undo.
 */
public interface SwitchActs extends SettlingActs {

  /** Writes a record that changes nothing else. */
  void record(Extraction at, String event, Map<String, ?> detail);

  /** Says which step comes now, before it does. */
  void begin(Extraction at, String step);

  /** Drops the slot of a side, where there is one. */
  void dropSlot(Extraction at, Owner side) throws InterruptedException;

  /** Creates the slot of a side at the end of its log. */
  void createSlot(Extraction at, Owner side) throws TimeoutException;

  /** Begins to read the way back, and drops what is read. */
  void warmWayBack() throws SQLException;

  /** Prepares what is proven and moved while both sides stand still. */
  void prepareProof() throws SQLException, InterruptedException, TimeoutException;

  /** Sends a mark both ways, and waits for transactions that would be in the way. */
  void probe(Extraction at) throws SQLException, InterruptedException, TimeoutException;

  /** Keeps the writes in the proxies. */
  Extraction hold(Extraction at);

  /** Waits until every proxy does. */
  void awaitProxies(Extraction at) throws InterruptedException;

  /**
   * Refuses all writes of the owner.
   *
   * @throws BlockedException if a writer did not end in time; nothing has changed
   */
  void fence(Extraction at) throws SQLException;

  /** Gives traffic a moment between two attempts to fence; fails where there were enough of them. */
  void pauseBetweenAttempts(Extraction at, int attempt, BlockedException reason) throws SQLException, InterruptedException;

  /** Waits until everything that the owner has committed is applied on the other side. */
  void catchUp() throws InterruptedException, TimeoutException;

  /** Applies nothing more on the other side. */
  void seal();

  /** Compares what has changed since it was proven equal; fails where it differs. */
  void prove(Extraction at) throws SQLException, InterruptedException, TimeoutException;

  /** Moves the new owner's sequences past the former one's. */
  void moveSequences() throws SQLException;

  /** Stands still on the way back at the end of the new owner's log; returns where. */
  Lsn turn() throws InterruptedException, TimeoutException;

  /** Stores on the former owner where the way back begins. */
  void storeTurn(Extraction at, Lsn turnedAt);

  /** Carries over which keys have changed since they were proven equal. */
  void carryKeys(Extraction at) throws SQLException;

  /** Opens the new owner under the coming epoch, in a transaction that is not committed. */
  void prepareOpening(Extraction at) throws SQLException;

  /** Rolls that transaction back, where there is one. */
  void closeOpening() throws SQLException;

  /** The point of no return. */
  Extraction decide(Extraction at, Lsn turnedAt);

  /** Commits the opening. */
  void commitOpening() throws SQLException;

  /** Ends the stream from the former owner. */
  void endForward();

  /** Goes on with the stream from the owner after a switch that was taken back. */
  void resumeForward();

  /** Ends the way back that a switch had prepared. */
  void endWayBack();

  /** Applies on the former owner what the new one has committed behind the turn. */
  void beginWayBack(Extraction at, Lsn turnedAt) throws SQLException;

  /** Keeps what was proven as the certificate of the new owner. */
  void certify(Extraction at) throws InterruptedException;

  /** Writes the report of the switch. */
  void report(Extraction at);
}
