package dev.banyan.move.stream;

import dev.banyan.move.database.Lsn;
import dev.banyan.move.database.TableFlow;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;

/** Knows under which snapshot each key was copied, by the snapshot's position. */
interface CopiedPositions {

  /** Returns the positions of keys of one table; all of the keys are in the answer. */
  Map<Key, Lsn> of(TableFlow table, Collection<Key> keys) throws SQLException;

  /** Returns the oldest position of a table's keys. */
  Lsn oldest(TableFlow table);
}
