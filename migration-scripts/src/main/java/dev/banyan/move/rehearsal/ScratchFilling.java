package dev.banyan.move.rehearsal;

import dev.banyan.control.client.Owner;
import dev.banyan.move.check.Checked;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.MovedTable;
import dev.banyan.move.plan.Plan;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Fills the copies: the monolith's with its tables and their rows, the service's with its tables alone, as before a move. */
final class ScratchFilling {

  private final Plan plan;
  private final RealSides real;
  private final Scratch scratch;
  private final Consumer<String> say;
  private final List<String> leftOut = new ArrayList<>();
  private long rows;

  ScratchFilling(Plan plan, RealSides real, Scratch scratch, Consumer<String> say) {
    this.plan = plan;
    this.real = real;
    this.scratch = scratch;
    this.say = say;
  }

  /** Fills both. */
  void run(Checked checked) throws SQLException, InterruptedException {
    fill(Owner.MONOLITH, checked.tables());
    fill(Owner.SERVICE, List.of());
  }

  private void fill(Owner side, List<MovedTable> filled) throws SQLException, InterruptedException {
    List<String> missing = new ArrayList<>();
    try (Database copy = scratch.open(side); Connection target = copy.connect()) {
      SchemaCopy schema = new SchemaCopy(target, missing);
      schema.make(parts(side, true));
      copy(target, filled);
      schema.make(parts(side, false));
      if (!filled.isEmpty()) {
        analyze(target);
      }
    }
    missing.addAll(real.database(side).jdbi().withHandle(handle -> new SchemaParts(handle, real.tables(side)).leftOut()));
    missing.forEach(object -> leftOut.add("%s (%s)".formatted(object, side.word())));
  }

  private List<SchemaPart> parts(Owner side, boolean beforeRows) {
    return real.database(side).jdbi().withHandle(handle -> {
      SchemaParts parts = new SchemaParts(handle, real.tables(side));
      return beforeRows ? parts.beforeRows() : parts.behindRows();
    });
  }

  private void copy(Connection target, List<MovedTable> tables) throws SQLException, InterruptedException {
    if (tables.isEmpty()) {
      return;
    }
    RowCopy copy = new RowCopy(real.monolith(), plan.limits().maxLoad(), say);
    try (Connection snapshot = RowCopy.snapshot(real.monolith())) {
      for (MovedTable table : tables) {
        rows += copy.copy(snapshot, target, table.monolith());
      }
    }
  }

  private static void analyze(Connection target) throws SQLException {
    try (var statement = target.createStatement()) {
      statement.execute("analyze");
    }
  }

  /** Returns how many rows were copied. */
  long rows() {
    return rows;
  }

  /** Returns what did not come along, by side. */
  List<String> leftOut() {
    return leftOut;
  }
}
