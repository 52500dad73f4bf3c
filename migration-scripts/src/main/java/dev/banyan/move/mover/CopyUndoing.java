package dev.banyan.move.mover;

import dev.banyan.control.client.Owner;
import dev.banyan.move.copy.DeferredIndexes;
import dev.banyan.move.copy.DeferredIndexes.Deferred;
import dev.banyan.move.copy.Emptying;
import dev.banyan.move.cutover.FenceTriggers;
import dev.banyan.move.database.Catalog;
import dev.banyan.move.database.CopyLedger;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.SideEpoch;
import dev.banyan.move.database.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives the service's tables of a cancelled move back: without rows, unless they are to stay, and with their indexes.
 * It may be broken off and done again: the fence is still up, and that the tables are empty is stored when they are emptied.
 */
final class CopyUndoing {

  private final Session session;
  private final Database service;
  private final CopyLedger ledger;

  CopyUndoing(Session session) {
    this.session = session;
    this.service = session.link().service();
    this.ledger = new CopyLedger(service, session.link().module());
  }

  /** Returns what could not be built, in sentences. */
  List<String> undo() throws SQLException, InterruptedException {
    DeferredIndexes indexes = new DeferredIndexes(service, session.link().module());
    boolean toEmpty = ledger.isFilled() && !session.control().isDataKept(session.link().module());
    List<Deferred> pending = indexes.pending();
    if (toEmpty || !pending.isEmpty()) {
      new FenceTriggers(session.link(), Owner.SERVICE).adopt(epoch());
    }
    // Rows are deleted where they cannot be truncated, and without its key a published table refuses that.
    boolean empty = toEmpty && empty(false);
    List<String> notBuilt = new ArrayList<>();
    for (Deferred index : pending) {
      build(indexes, index, notBuilt);
    }
    if (toEmpty && !empty) {
      empty(true);
    }
    return notBuilt;
  }

  private boolean empty(boolean mayDelete) throws SQLException {
    try (var connection = service.connectAsApplier()) {
      connection.setAutoCommit(false);
      SideEpoch.require(connection, session.link().module(), epoch());
      boolean done = Emptying.of(connection, tables(), mayDelete);
      if (done) {
        ledger.emptied(connection);
      }
      connection.commit();
      return done;
    }
  }

  /** A table that somebody has dropped needs no emptying. */
  private List<TableName> tables() {
    return service.jdbi().withHandle(handle -> session.link().names(Owner.SERVICE).stream()
        .filter(table -> Catalog.exists(handle, table)).toList());
  }

  /** Rows that stay may be of several snapshots and not fit under the index; the move ends all the same. */
  private void build(DeferredIndexes indexes, Deferred index, List<String> notBuilt) throws SQLException, InterruptedException {
    try {
      indexes.build(index, epoch());
    } catch (SQLException e) {
      if (Failures.mayPass(e)) {
        throw e;
      }
      indexes.giveUp(index, epoch());
      notBuilt.add("Index %s could not be built again: %s. When that is mended: %s;".formatted(index.name(), e.getMessage(),
          index.definition()));
      session.listener().say(notBuilt.get(notBuilt.size() - 1));
    }
  }

  private long epoch() {
    return session.record().epoch();
  }
}
