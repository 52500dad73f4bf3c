package dev.banyan.move.copy;

import dev.banyan.move.database.Database;
import dev.banyan.move.database.SideEpoch;
import dev.banyan.move.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The indexes, primary keys, unique and exclusion constraints of the service's tables that are set aside while rows are
 * copied, and built when all of them are there.
 *
 * <p>Idea: only what is proven to come back as it was is set aside. On the emptied table each one is dropped, built from
 * its definition, and compared with what it was, by all that the catalog says of it. What something depends on, what has
 * a comment, a tablespace or statistics of its own, what is invalid or identifies rows for replication, or what this
 * role may not build, fails the proof and stays.
 *
 * <p>Invariant: an index is there, or its definition is; both change in one transaction.
 */
public final class DeferredIndexes {

  private static final Logger LOG = LoggerFactory.getLogger(DeferredIndexes.class);

  private static final String RECORD = """
      with deferred as (insert into banyan.deferred_index (module, name, definition) values (?, ?, ?) returning id)
      insert into banyan.key_set_aside (index_id, relation, name, columns)
      select id, r.relation::regclass, r.name, r.columns from deferred
      cross join (values (?, ?, ?::text[])) r(relation, name, columns) where r.columns <> '{}'""";

  /** What has its name may be anything; a key must be the key. */
  private static final String IS_THERE = """
      select coalesce((select exists (select from pg_index i where i.indrelid = k.relation and i.indisprimary and k.columns = array(
            select a.attname::text from unnest(i.indkey) with ordinality p(attnum, position)
            join pg_attribute a on a.attrelid = i.indrelid and a.attnum = p.attnum where position <= i.indnkeyatts order by position))
          from banyan.key_set_aside k where k.index_id = ?),
        exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where n.nspname || '.' || c.relname = ? and c.relkind in ('i', 'I')))""";

  private static final Set<String> DUPLICATE = Set.of("42P07", "42710");

  private final Database service;
  private final String module;
  private volatile @Nullable Statement building;
  private volatile boolean aborted;

  /**
   * An index or a constraint that is set aside.
   *
   * @param id grows in the order in which they were made
   * @param name its name with its schema
   * @param definition the statement that builds it
   */
  public record Deferred(long id, String name, String definition) {}

  /** Creates the access to what is set aside of a module. */
  public DeferredIndexes(Database service, String module) {
    this.service = service;
    this.module = module;
  }

  /** Sets aside what can be, in the transaction that has emptied the tables. */
  void setAside(Connection emptying, List<TableName> tables) throws SQLException {
    usualTablespace(emptying);
    for (TableName table : tables) {
      for (BuildableIndex index : BuildableIndex.of(emptying, table)) {
        setAside(emptying, index);
      }
    }
  }

  private void setAside(Connection emptying, BuildableIndex index) throws SQLException {
    Savepoint before = emptying.setSavepoint();
    try {
      String described = String.valueOf(index.description(emptying));
      index.drop(emptying);
      index.build(emptying);
      if (described.equals(index.description(emptying))) {
        index.drop(emptying);
        record(emptying, index);
        emptying.releaseSavepoint(before);
        return;
      }
      LOG.info("index {} stays in place during the copy: its definition does not say all of it", index.name());
    } catch (SQLException e) {
      LOG.info("index {} stays in place during the copy: {}", index.name(), e.getMessage());
    }
    emptying.rollback(before);
  }

  private void record(Connection connection, BuildableIndex index) throws SQLException {
    try (var insert = connection.prepareStatement(RECORD)) {
      insert.setString(1, module);
      insert.setString(2, index.name().toString());
      insert.setString(3, index.definition());
      insert.setString(4, index.table().sql());
      insert.setString(5, index.name().name());
      insert.setArray(6, connection.createArrayOf("text", index.keyColumns().toArray()));
      insert.execute();
    }
  }

  /** Returns what is set aside and not built yet. */
  public List<Deferred> pending() {
    return pending("true");
  }

  /** Returns the primary keys that are set aside; without them nothing can be applied to their tables. */
  public List<Deferred> pendingKeys() {
    return pending("id in (select index_id from banyan.key_set_aside)");
  }

  private List<Deferred> pending(String condition) {
    return service.jdbi().withHandle(handle -> handle.createQuery(
            "select id, name, definition from banyan.deferred_index where module = ? and %s order by id".formatted(condition)).bind(0, module)
        .map((row, context) -> new Deferred(row.getLong(1), row.getString(2), row.getString(3))).list());
  }

  /**
   * Builds one.
   *
   * @throws SQLException if the rows do not allow it, among others; it stays set aside then
   */
  public void build(Deferred index, long epoch) throws SQLException, InterruptedException {
    try (Connection connection = service.connect()) {
      endWithItsClient(connection);
      connection.setAutoCommit(false);
      usualTablespace(connection);
      buildUnlessBuilt(connection, index);
      // Not before: the lock would keep a mover that takes over waiting as long as this one builds.
      SideEpoch.require(connection, module, epoch);
      forget(connection, index);
      connection.commit();
    }
  }

  /** Where its definition no longer fits, a column has another name for instance, people make another one of that name. */
  private void buildUnlessBuilt(Connection connection, Deferred index) throws SQLException, InterruptedException {
    Savepoint before = connection.setSavepoint();
    try {
      execute(connection, index.definition());
    } catch (SQLException e) {
      connection.rollback(before);
      if (!DUPLICATE.contains(String.valueOf(e.getSQLState())) || !isThere(connection, index)) {
        throw e;
      }
      LOG.info("index {} has been made by somebody else", index.name());
    }
  }

  private static boolean isThere(Connection connection, Deferred index) throws SQLException {
    try (var statement = connection.prepareStatement(IS_THERE)) {
      statement.setLong(1, index.id());
      statement.setString(2, index.name());
      try (var row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  /** Forgets one that cannot be built; it is for people to build it. */
  public void giveUp(Deferred index, long epoch) throws SQLException {
    try (Connection connection = service.connect()) {
      connection.setAutoCommit(false);
      SideEpoch.require(connection, module, epoch);
      forget(connection, index);
      connection.commit();
    }
  }

  /** Breaks a building off that another thread does; does nothing where there is none. */
  public void abort() {
    aborted = true;
    Statement current = building;
    if (current != null) {
      try {
        current.cancel();
        // A connection that was lost would not tell that it is cancelled.
        current.getConnection().abort(Runnable::run);
      } catch (SQLException e) {
        LOG.debug("not cancelled: {}", e.toString());
      }
    }
  }

  private void execute(Connection connection, String definition) throws SQLException, InterruptedException {
    try (Statement statement = connection.createStatement()) {
      // Braces of a definition are its own.
      statement.setEscapeProcessing(false);
      building = statement;
      if (aborted) {
        throw new InterruptedException("the building was broken off");
      }
      statement.execute(definition);
    } finally {
      building = null;
    }
  }

  private void forget(Connection connection, Deferred index) throws SQLException {
    try (var delete = connection.prepareStatement("delete from banyan.deferred_index where id = ?")) {
      delete.setLong(1, index.id());
      if (delete.executeUpdate() != 1) {
        throw new IllegalStateException("Index %s was built by somebody else".formatted(index.name()));
      }
    }
  }

  /** A definition names no tablespace where the index was in the database's own. */
  private static void usualTablespace(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("set local default_tablespace = ''");
    }
  }

  /** A server that builds an index looks at nothing else, and would go on for a mover that is long gone. */
  private static void endWithItsClient(Connection connection) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("set client_connection_check_interval = '1s'");
    } catch (SQLException e) {
      LOG.debug("this server does not look after its clients: {}", e.getMessage());
    }
  }
}
