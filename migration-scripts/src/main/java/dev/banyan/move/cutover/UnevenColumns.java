package dev.banyan.move.cutover;

import dev.banyan.control.client.Owner;
import dev.banyan.move.check.Finding;
import dev.banyan.move.database.Column;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.MovedTable;
import dev.banyan.move.database.MovedTable.Pair;
import dev.banyan.move.database.TableShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Columns that one side has and the other has not, and keys that only one side's sequence fills. */
final class UnevenColumns {

  private final Link link;
  private final Owner from;
  private final List<Finding> found = new ArrayList<>();

  private UnevenColumns(Link link, Owner from) {
    this.link = link;
    this.from = from;
  }

  /** Lists them, for the owner {@code from} that is about to give its tables up. */
  static List<Finding> of(Link link, Owner from) {
    UnevenColumns columns = new UnevenColumns(link, from);
    link.tables().forEach(columns::look);
    Sequences.of(link, from.other()).missing().forEach(columns::sequence);
    return columns.found;
  }

  private void look(MovedTable table) {
    left(table.monolith(), Owner.MONOLITH, table.columns().stream().map(Pair::monolith).map(Column::name).collect(Collectors.toSet()));
    left(table.service(), Owner.SERVICE, table.columns().stream().map(Pair::service).map(Column::name).collect(Collectors.toSet()));
  }

  private void left(TableShape shape, Owner side, Set<String> moved) {
    for (Column column : shape.columns()) {
      if (!moved.contains(column.name()) && !column.generated()) {
        found.add(new Finding("column %s.%s (%s)".formatted(shape.name(), column.name(), side.word()), "does not move", "one that moves",
            side == from ? "Its values stay with the %s, and rows that the %s writes have none.".formatted(from.word(), from.other().word())
                : "What is written there does not flow back to the %s.".formatted(from.word())));
      }
    }
  }

  private void sequence(String column) {
    found.add(new Finding("column " + column, "filled by a sequence of the %s alone".formatted(from.word()), "a sequence on both sides",
        "Who inserts a row on the %s has to give it a value.".formatted(from.other().word())));
  }
}
