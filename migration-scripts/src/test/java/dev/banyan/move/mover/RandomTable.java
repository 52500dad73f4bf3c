package dev.banyan.move.mover;

import static java.util.stream.Collectors.joining;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableName;
import dev.banyan.move.plan.TablePlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A table of a random move, as both sides have it.
 *
 * @param number tells it from the others
 * @param identity what tells its rows apart
 * @param types the types of its further columns, of those in {@link TypeZooIntegrationTests}
 * @param unique whether a second column is unique
 * @param renamed whether the plan gives it and a column another name, and leaves a column out
 * @param filtered whether only some of its rows move
 */
record RandomTable(int number, Identity identity, List<String> types, boolean unique, boolean renamed, boolean filtered) {

  static final String WHERE = "n >= 0";

  /** What tells rows apart: the key's columns, and a key made of a number {@code i}. */
  enum Identity {
    NUMBER("id int", "id", "i"),
    TEXT("id text", "id", "'ключ ' || i"),
    UUID("id uuid", "id", "md5(i::text)::uuid"),
    COMPOSITE("id int, kind text", "kind, id", "'kind ' || i % 3, i / 3"),
    UNIQUE_INDEX("id int not null, kind text not null", "id, kind", "i, 'kind'"),
    PARTITIONED("id int, kind text", "id, kind", "i, 'kind ' || i % 3"),
    NONE("id int", "id", "i");

    private final String columns;
    private final String names;
    private final String key;

    Identity(String columns, String names, String key) {
      this.columns = columns;
      this.names = names;
      this.key = key;
    }
  }

  /** Returns the same table without what does not go together. */
  RandomTable possible() {
    boolean canBeUnique = unique && !filtered && identity != Identity.NONE && identity != Identity.PARTITIONED;
    return new RandomTable(number, identity, types, canBeUnique, renamed, filtered && identity != Identity.UNIQUE_INDEX);
  }

  TableName name(Owner side) {
    return side == Owner.SERVICE && renamed ? new TableName("m", "Renamed " + number) : new TableName("s", "t" + number);
  }

  TablePlan plan() {
    return new TablePlan(name(Owner.MONOLITH), name(Owner.SERVICE),
        renamed ? Map.of("n", Optional.of("Number"), "note", Optional.empty()) : Map.of(),
        filtered ? Optional.of(WHERE) : Optional.empty(), 1);
  }

  String n(Owner side) {
    return side == Owner.SERVICE && renamed ? "\"Number\"" : "n";
  }

  /** Returns the statements that create it. */
  String create(Owner side) {
    String table = name(side).sql();
    List<String> columns = new ArrayList<>(List.of(n(side) + " int", "big text", "u text"));
    IntStream.range(0, types.size()).forEach(i -> columns.add(typed(i)));
    if (side == Owner.SERVICE && renamed) {
      Collections.reverse(columns);
    }
    if (side == Owner.MONOLITH && renamed) {
      columns.add("note text default 'stays'");
    }
    return "create table %s (%s, %s%s)%s;%n".formatted(table, identity.columns, String.join(", ", columns), primaryKey(), partitioning(side))
        + partitions(side)
        + "alter table %s alter big set storage external;%n".formatted(table)
        + (unique ? "create unique index on %s (u);%n".formatted(table) : "")
        + replicaIdentity(table);
  }

  private String typed(int i) {
    String type = types.get(i);
    return "c%d %s%s".formatted(i, TypeZooIntegrationTests.qualified(type), type.equals("interval") ? " check (isfinite(c%d))".formatted(i) : "");
  }

  private String primaryKey() {
    return identity == Identity.NONE || identity == Identity.UNIQUE_INDEX ? "" : ", primary key (" + identity.names + ")";
  }

  private String partitioning(Owner side) {
    return isPartitioned(side) ? " partition by hash (id)" : "";
  }

  private boolean isPartitioned(Owner side) {
    return identity == Identity.PARTITIONED && (side == Owner.MONOLITH || !renamed);
  }

  private String partitions(Owner side) {
    int count = side == Owner.MONOLITH ? 3 : 2;
    return isPartitioned(side) ? IntStream.range(0, count).mapToObj(i -> partition(side, i, count)).collect(joining()) : "";
  }

  private String partition(Owner side, int i, int count) {
    String name = new TableName("s", "t%dp%d".formatted(number, i)).sql();
    return "create table %s partition of %s for values with (modulus %d, remainder %d);%n".formatted(name, name(side).sql(), count, i)
        + (filtered ? "alter table %s replica identity full;%n".formatted(name) : "");
  }

  private String replicaIdentity(String table) {
    if (identity == Identity.UNIQUE_INDEX) {
      return "create unique index t%dkey on %s (%s); alter table %s replica identity using index t%dkey;%n"
          .formatted(number, table, identity.names, table, number);
    }
    return filtered || identity == Identity.NONE ? "alter table %s replica identity full;%n".formatted(table) : "";
  }

  /** Returns the rows of one side that take part, each as a text; a query. */
  String rows(Owner side) {
    // Values as their types print them; what is long by what tells it from others.
    String columns = identity.names + ", %s, md5(big), length(big), u".formatted(n(side))
        + IntStream.range(0, types.size()).mapToObj(", c%d"::formatted).collect(joining());
    return "select row(%s)::text from %s%s".formatted(columns, name(side).sql(),
        filtered && side == Owner.MONOLITH ? " where " + WHERE : "");
  }

  String keyColumns() {
    return identity.names;
  }

  /** Returns the key made of a number, which is a column {@code i}. */
  String key() {
    return identity.key;
  }

  String isRow(int row) {
    return "(%s) = (select %s from (values (%d)) g(i))".formatted(identity.names, identity.key, row);
  }

  /** Returns a value for a further column, or none. */
  String value(int column, int seed) {
    List<String> values = TypeZooIntegrationTests.VALUES.get(types.get(column));
    int chosen = Math.floorMod(seed, values.size() + 1);
    return chosen == values.size() ? "null" : Sql.literal(values.get(chosen));
  }
}
