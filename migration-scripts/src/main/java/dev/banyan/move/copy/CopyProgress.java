package dev.banyan.move.copy;

import dev.banyan.move.database.TableName;

/** Is told how far the copy has come; called by several threads. */
public interface CopyProgress {

  /** So many more rows of a table are on the other side. */
  void copied(TableName source, long rows);

  /** So many rows of a table were on the other side before an interruption and stay there. */
  void kept(TableName source, long rows);

  /** The copy cannot begin yet, for this reason. */
  void waiting(String reason);

  /** All rows of a table are on the other side. */
  void finished(TableName source);
}
