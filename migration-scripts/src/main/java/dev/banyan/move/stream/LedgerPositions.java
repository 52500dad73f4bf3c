package dev.banyan.move.stream;

import dev.banyan.move.database.CopiedRange;
import dev.banyan.move.database.CopyLedger;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.Lsn;
import dev.banyan.move.database.SourceKey;
import dev.banyan.move.database.TableFlow;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The positions that the {@link CopyLedger} holds. Where a key lies among the ranges, the owner's server is asked. */
final class LedgerPositions implements CopiedPositions {

  private final Database owner;
  private final Map<TableFlow, Sections> tables = new HashMap<>();

  /** The ranges of a table, those of one snapshot that follow each other taken together. */
  private record Sections(SourceKey key, List<CopiedRange> ranges, Lsn oldest) {

    static Sections of(SourceKey key, List<CopiedRange> ranges) {
      List<CopiedRange> joined = joined(ranges);
      return new Sections(key, joined, Collections.min(joined.stream().map(Sections::position).toList()));
    }

    Lsn position(int section) {
      return position(ranges.get(section));
    }

    /** What is not copied yet will be under a snapshot that is taken later than all that the stream has reached by then. */
    private static Lsn position(CopiedRange range) {
      return Objects.requireNonNullElse(range.position(), Lsn.LAST);
    }
  }

  LedgerPositions(Database owner, List<TableFlow> flows, CopyLedger ledger) {
    this.owner = owner;
    Map<String, List<CopiedRange>> ranges = ledger.ranges().stream().collect(Collectors.groupingBy(range -> range.source().sql()));
    owner.jdbi().useHandle(handle -> flows.stream().filter(table -> ranges.containsKey(table.source().sql())).forEach(table ->
        tables.put(table, Sections.of(SourceKey.read(handle, table.source()),
            Objects.requireNonNull(ranges.get(table.source().sql()))))));
  }

  private static List<CopiedRange> joined(List<CopiedRange> ranges) {
    List<CopiedRange> sections = new ArrayList<>();
    for (CopiedRange range : ranges) {
      int last = sections.size() - 1;
      if (last >= 0 && Objects.equals(sections.get(last).position(), range.position())) {
        sections.set(last, range);
      } else {
        sections.add(range);
      }
    }
    return sections;
  }

  @Override
  public Lsn oldest(TableFlow table) {
    Sections sections = tables.get(table);
    return sections == null ? Lsn.ZERO : sections.oldest();
  }

  @Override
  public Map<Key, Lsn> of(TableFlow table, Collection<Key> keys) throws SQLException {
    Sections sections = tables.get(table);
    if (sections == null || sections.ranges().size() == 1) {
      Lsn position = sections == null ? Lsn.ZERO : sections.position(0);
      return keys.stream().distinct().collect(Collectors.toMap(key -> key, key -> position));
    }
    return ask(table, sections, List.copyOf(keys));
  }

  private Map<Key, Lsn> ask(TableFlow table, Sections sections, List<Key> keys) throws SQLException {
    Map<Key, Lsn> positions = new LinkedHashMap<>();
    try (var handle = owner.jdbi().open();
        var statement = handle.getConnection().prepareStatement(query(table, sections))) {
      int parts = table.keyPositions().length;
      for (int part = 0; part < parts; part++) {
        statement.setArray(part + 1, array(handle.getConnection(), keys, part));
      }
      var row = statement.executeQuery();
      while (row.next()) {
        positions.put(keys.get(row.getInt(1) - 1), sections.position(row.getInt(2)));
      }
    }
    return positions;
  }

  private static Array array(Connection connection, List<Key> keys, int part) throws SQLException {
    return connection.createArrayOf("text", keys.stream().map(key -> key.values().get(part)).toArray());
  }

  /** The arrays are in the order of {@link Key}, the comparison is in that of the index. */
  private static String query(TableFlow table, Sections sections) {
    List<String> names = IntStream.of(table.keyPositions()).mapToObj(i -> table.columns().get(i).source()).toList();
    String key = sections.key().parts().stream().map(part -> part.valueOf("u.c" + names.indexOf(part.column())))
        .collect(Collectors.joining(", ", "(", ")"));
    int last = sections.ranges().size() - 1;
    String cases = IntStream.range(0, last).mapToObj(i -> "when %s <= %s then %d".formatted(key,
            sections.key().constant(Objects.requireNonNull(sections.ranges().get(i).upTo())), i))
        .collect(Collectors.joining(" "));
    return "select u.n::int, case %s else %d end from unnest(%s) with ordinality u(%s, n)".formatted(cases, last,
        "?::text[]" + ", ?::text[]".repeat(names.size() - 1),
        IntStream.range(0, names.size()).mapToObj(i -> "c" + i).collect(Collectors.joining(", ")));
  }
}
