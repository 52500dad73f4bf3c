package dev.banyan.move.stream;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Catalog;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.TableShape;
import java.util.List;
import java.util.Optional;

/**
 * Notices that the columns which changes are written to are others than they were. The log tells of the owner's columns alone,
 * and a value fits just as well into a column that has got another's name, or rounded into one that has fewer digits.
 *
 * <p>Idea: all tables' columns are one mark, so that looking costs one query.
 */
public final class TargetColumns {

  private static final String MARK = """
      select hashtextextended(string_agg(format('%s %s %s %s %s', attrelid, attnum, attname, atttypid, atttypmod), ',' order by attrelid, attnum), 0)
      from pg_attribute where attnum > 0 and not attisdropped and attrelid in (select to_regclass(name) from unnest(:tables::text[]) name)""";

  private final Database target;
  private final List<TableShape> known;
  private final String[] names;
  private Optional<String> seen = Optional.empty();

  /** Creates the watch over the tables of one side as a link knows them. */
  public TargetColumns(Link link, Owner side) {
    this.target = link.database(side);
    this.known = link.tables().stream().map(table -> side == Owner.MONOLITH ? table.monolith() : table.service()).toList();
    this.names = known.stream().map(table -> table.name().sql()).toArray(String[]::new);
  }

  /**
   * Looks.
   *
   * @throws ShapeChangedException if a table has gone, or a known column is not where it was, or of another type
   */
  public void look() {
    target.jdbi().useHandle(handle -> {
      Optional<String> now = handle.createQuery(MARK).bindArray("tables", String.class, (Object[]) names).mapTo(String.class).findOne();
      if (now.isEmpty() || !now.equals(seen)) {
        known.forEach(table -> ShapeWatch.requireColumns(target, table, Catalog.table(handle, table.name())));
        seen = now;
      }
    });
  }
}
