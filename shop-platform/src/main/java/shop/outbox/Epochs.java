package shop.outbox;

import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;
import shop.sql.ServerHistory;

/**
 * Table {@code outbox_epoch} of a module's schema: on which course of its server's history the outbox counts. A cursor of
 * another one says nothing here, whatever its numbers; who has it begins anew, and knows itself what it has applied. A
 * server that was set back by a copy of its files is on the same course, and may have given the numbers of a cursor to
 * another event; therefore a cursor is held against the event that it names, too.
 */
final class Epochs {

  private static final Logger LOG = LoggerFactory.getLogger(Epochs.class);
  private static final int LENGTH = 8;

  private final String module;
  private final JdbcClient jdbc;
  private final ServerHistory history;
  private final TransactionOperations transaction;

  Epochs(String module, JdbcClient jdbc, ServerHistory history, TransactionOperations transaction) {
    this.module = module;
    this.jdbc = jdbc;
    this.history = history;
    this.transaction = transaction;
  }

  /**
   * Where a reader stands.
   *
   * @param cursor behind which it goes on
   * @param epoch how cursors of this outbox begin at present
   * @param nothingBehind whether nothing is published behind it; asked of the table, not of the feed, which does not show
   *     what is committed beside an older transaction
   */
  record Standing(Cursor cursor, String epoch, boolean nothingBehind) {}

  private record Looked(boolean here, String epoch, boolean beyond, boolean told, boolean nothingBehind) {

    boolean standFor(Cursor cursor) {
      return cursor.isStart() || told && beyond && cursor.epoch().equals(epoch);
    }
  }

  /** Returns where a reader with this cursor stands: there, or at the beginning if it is none of this epoch. */
  Standing standing(Cursor cursor) {
    var looked = look(cursor);
    if (!looked.here()) {
      begin();
      looked = look(cursor);
    }
    if (looked.standFor(cursor)) {
      return new Standing(cursor, looked.epoch(), looked.nothingBehind());
    }
    LOG.warn("Cursor {} of the events of '{}' was not told by this database, which counts in epoch {}, or what it told was set back. "
        + "All that is kept is told from the start; copies that are ahead of their owner have to be rebuilt.", cursor, module, looked.epoch());
    return standing(Cursor.START);
  }

  /** Of the events up to the cursor the last has to be its own, unless none of them is kept any more. */
  private Looked look(Cursor cursor) {
    return jdbc.sql("""
            select server = %2$s as here, epoch, %3$s as beyond,
              coalesce((select txid = :txid and position = :position and left(cast(id as varchar), %4$d) = :event
                from %1$s.outbox where (txid, position) <= (:txid, :position) order by txid desc, position desc limit 1), true) as told,
              not exists (select * from %1$s.outbox where (txid, position) > (:txid, :position)) as nothing_behind
            from %1$s.outbox_epoch""".formatted(module, history.name(), history.isBeyond("txid"), Cursor.EVENT_LENGTH))
        .param("txid", cursor.txid()).param("position", cursor.position()).param("event", cursor.event())
        .query(Looked.class).single();
  }

  /**
   * Begins an epoch, if this course of the server's history is not the one of the present epoch; of several processes
   * that find that out, one does. What came along from another course was published before all that is published on this
   * one, and gets a number that says so: its own may be ahead of the server for years, and would not be shown for as long.
   */
  void begin() {
    transaction.executeWithoutResult(status -> {
      var epoch = UUID.randomUUID().toString().substring(0, LENGTH);
      if (jdbc.sql("update %1$s.outbox_epoch set server = %2$s, epoch = :epoch where server <> %2$s".formatted(module, history.name()))
          .param("epoch", epoch).update() > 0) {
        jdbc.sql("update %s.outbox set txid = 0".formatted(module)).update();
        jdbc.sql("update %s.outbox_reader set txid = 0, position = 0".formatted(module)).update();
        LOG.info("The events of '{}' are counted in epoch {} from now on.", module, epoch);
      }
    });
  }
}
