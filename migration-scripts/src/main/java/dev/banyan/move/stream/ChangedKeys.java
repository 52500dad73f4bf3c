package dev.banyan.move.stream;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.TableFlow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes down which keys the applier changes, in the transactions that change them, so that a certificate and these keys
 * together tell what has to be proven.
 *
 * <p>Invariant: of a table whose keys are {@linkplain #keep kept}, every key that a transaction touches is committed with
 * it. Keeping may begin while the applier stands still in front of a transaction of which a part is written already; so
 * what is written early is written down early too, kept or not, and taken away at the commit where it is not wanted.
 *
 * <p>Rows are only ever inserted here, a page of keys for each batch and table: that costs the stream little, and waits
 * for nobody.
 */
final class ChangedKeys {

  private static final String INSERT = "insert into banyan.changed_keys (module, name, keys, count) values (?, ?, ?, ?)";

  private final Connection target;
  private final String module;
  private final Owner owner;
  private final Map<TableFlow, Set<Key>> noted = new IdentityHashMap<>();
  private final Set<String> emptied = new HashSet<>();
  private boolean hasWrittenEarly;
  private volatile Set<String> kept;

  /**
   * Creates the record for what one applier writes.
   *
   * @param target the applier's connection
   * @param owner the side that is followed
   */
  ChangedKeys(Connection target, String module, Owner owner) throws SQLException {
    this.target = target;
    this.module = module;
    this.owner = owner;
    this.kept = keptBefore();
  }

  private Set<String> keptBefore() throws SQLException {
    Set<String> names = new HashSet<>();
    try (var statement = target.prepareStatement("select name from banyan.key_set where module = ? and lost is null")) {
      statement.setString(1, module);
      var row = statement.executeQuery();
      while (row.next()) {
        names.add(row.getString(1));
      }
    }
    return names;
  }

  /** Keeps the keys of these tables from the next commit on, and of no others; tables go by their names in the monolith. */
  void keep(Set<String> tables) {
    kept = Set.copyOf(tables);
  }

  /** Notes what was written now and is not committed yet. */
  void note(List<RowChange> changes) throws SQLException {
    if (!noted.isEmpty() || !emptied.isEmpty()) {
      write(true);
      hasWrittenEarly = true;
    }
    changes.forEach(this::note);
  }

  private void note(RowChange change) {
    if (change.kind() == RowChange.Kind.TRUNCATE) {
      emptied.add(name(change.table()));
      return;
    }
    Set<Key> keys = noted.computeIfAbsent(change.table(), table -> new HashSet<>());
    keys.add(change.key());
    if (change.isRekeying()) {
      keys.add(change.keyAfter());
    }
  }

  /** Writes down what was noted, right before the commit. */
  void beforeCommit() throws SQLException {
    write(false);
    if (hasWrittenEarly) {
      forgetUnwanted();
      hasWrittenEarly = false;
    }
  }

  private void write(boolean unwantedToo) throws SQLException {
    try (PreparedStatement insert = target.prepareStatement(INSERT)) {
      boolean any = false;
      for (Map.Entry<TableFlow, Set<Key>> table : noted.entrySet()) {
        any |= add(insert, name(table.getKey()), table.getValue(), unwantedToo);
      }
      for (String name : emptied) {
        any |= add(insert, name, Set.of(), unwantedToo);
      }
      if (any) {
        insert.executeBatch();
      }
    }
    noted.clear();
    emptied.clear();
  }

  private boolean add(PreparedStatement insert, String name, Set<Key> keys, boolean unwantedToo) throws SQLException {
    if (!unwantedToo && !kept.contains(name)) {
      return false;
    }
    insert.setString(1, module);
    insert.setString(2, name);
    if (keys.isEmpty()) {
      insert.setNull(3, Types.ARRAY);
    } else {
      insert.setArray(3, target.createArrayOf("text", columns(keys)));
    }
    insert.setInt(4, keys.size());
    insert.addBatch();
    return true;
  }

  /** Column after column in one array: the driver sends that in less than half the time that one of two dimensions takes. */
  private static @Nullable String[] columns(Set<Key> keys) {
    int size = keys.size();
    @Nullable String[] columns = new String[keys.iterator().next().values().size() * size];
    int row = 0;
    for (Key key : keys) {
      for (int column = 0; column < key.values().size(); column++) {
        String value = key.values().get(column);
        // Only a row without a key can lack one of these; all rows of its table are compared anyway.
        columns[column * size + row] = RowChange.isCarried(value) ? value : null;
      }
      row++;
    }
    return columns;
  }

  private void forgetUnwanted() throws SQLException {
    try (var statement = target.prepareStatement("delete from banyan.changed_keys where module = ? and name <> all (?)")) {
      statement.setString(1, module);
      statement.setArray(2, target.createArrayOf("text", new ArrayList<>(kept).toArray()));
      statement.executeUpdate();
    }
  }

  private String name(TableFlow table) {
    return Link.nameInMonolith(table, owner).toString();
  }
}
