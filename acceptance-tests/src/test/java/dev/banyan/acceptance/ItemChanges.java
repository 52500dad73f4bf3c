package dev.banyan.acceptance;

import dev.banyan.acceptance.Writer.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random changes of a table of items, each of which counts its revisions. */
final class ItemChanges implements Writer.Changes {

  static final String TABLE = """
      create schema app;
      create table app.item (id bigint primary key, name text not null, note text, revision int not null default 0);
      """;

  private final List<Long> deletable = new ArrayList<>();
  private final int items;
  private long next;

  /** Changes a table that has so many items already, ids from 1. */
  ItemChanges(int items) {
    this.items = items;
    this.next = items + 1L;
  }

  /** Returns the statement that makes so many items. */
  static String fill(int items) {
    return """
        insert into app.item select i, 'Article ' || i, case when i %% 3 > 0 then repeat('lorem ipsum ', 12) || i end
        from generate_series(1, %d) i; analyze app.item""".formatted(items);
  }

  @Override
  public List<Write> next(Random random) {
    int dice = random.nextInt(10);
    if (dice < 2) {
      return List.of(insert());
    }
    return List.of(dice == 2 && !deletable.isEmpty() ? delete(random) : update(1 + random.nextInt(items)));
  }

  private Write insert() {
    long id = next++;
    deletable.add(id);
    return new Write("", "app.item " + id, "insert into app.item (id, name) values (?, ?) returning item::text", id, "New Ñ " + id);
  }

  private Write delete(Random random) {
    long id = deletable.remove(random.nextInt(deletable.size()));
    return new Write("app.item " + id, "", "delete from app.item where id = ? returning item::text", id);
  }

  private static Write update(long id) {
    return new Write("app.item " + id, "app.item " + id,
        "update app.item set revision = revision + 1 where id = ? returning item::text", id);
  }
}
