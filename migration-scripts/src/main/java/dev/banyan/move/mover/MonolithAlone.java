package dev.banyan.move.mover;

import dev.banyan.move.database.Catalog;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.MovedTable;
import dev.banyan.move.database.MovedTable.Pair;
import dev.banyan.move.database.TableShape;
import dev.banyan.move.plan.TablePlan;
import java.util.List;
import java.util.Optional;

/** What can be known of a move's tables while the service does not answer. */
final class MonolithAlone {

  private MonolithAlone() {}

  /** Returns a link whose other half nobody may use: the monolith's shapes stand for the service's as well. */
  static Link link(Workspace space) {
    List<MovedTable> tables = space.plan().tables().stream().map(TablePlan::source)
        .map(name -> space.monolith().jdbi().withHandle(handle -> Catalog.table(handle, name)))
        .flatMap(Optional::stream).map(MonolithAlone::alone).toList();
    return space.link(tables);
  }

  private static MovedTable alone(TableShape shape) {
    return new MovedTable(shape, shape, shape.columns().stream().map(column -> new Pair(column, column)).toList(), Optional.empty());
  }
}
