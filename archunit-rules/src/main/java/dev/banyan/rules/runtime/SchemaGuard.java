package dev.banyan.rules.runtime;

import dev.banyan.rules.Finding;
import dev.banyan.rules.SchemaOwnership;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Wraps a data source, and holds each statement against the ownership at the moment it is sent. A statement belongs to the
 * module of the nearest class on the stack that belongs to one; a statement that no module's class sends (a migration at the start) is
 * let through. Safe for use by several threads; of each statement the tables are read once.
 *
 * <pre>{@code
 * @Bean
 * static BeanPostProcessor schemaGuard() { … SchemaGuard.reporting(dataSource, ownership, finding -> log.warn(finding.message())) … }
 * }</pre>
 */
public final class SchemaGuard {

  private static final int MOST_REMEMBERED = 10_000;
  /** PostgreSQL's own state for a right that is missing: what a role of the module would be told. */
  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  private final Attribution attribution;
  private final Statements statements;
  private final Consumer<Finding> listener;
  private final boolean refusing;
  private final Set<Finding> reported = ConcurrentHashMap.newKeySet();

  private SchemaGuard(SchemaOwnership ownership, Consumer<Finding> listener, boolean refusing) {
    this.attribution = new Attribution(ownership);
    this.statements = new Statements(ownership);
    this.listener = listener;
    this.refusing = refusing;
  }

  /** Returns the data source, which tells the listener of each crossing once and lets it pass. */
  public static DataSource reporting(DataSource dataSource, SchemaOwnership ownership, Consumer<Finding> listener) {
    return new SchemaGuard(ownership, listener, false).wrapped(dataSource);
  }

  /** Returns the data source, which refuses each crossing with an {@link SQLException} of state 42501. */
  public static DataSource refusing(DataSource dataSource, SchemaOwnership ownership) {
    return new SchemaGuard(ownership, finding -> { }, true).wrapped(dataSource);
  }

  private DataSource wrapped(DataSource dataSource) {
    return (DataSource) Proxy.newProxyInstance(SchemaGuard.class.getClassLoader(), new Class<?>[] {DataSource.class},
        (proxy, method, arguments) -> {
          Object result = Calls.invoke(dataSource, proxy, method, arguments);
          return result instanceof Connection connection ? new GuardedConnection(connection, this).proxy() : result;
        });
  }

  /** Looks at a statement that is about to be sent; returns the schema of bare names behind it. */
  Optional<String> check(String sql, Optional<String> searchPath) throws SQLException {
    Statements.Known known = statements.known(sql, searchPath);
    if (known.touchesOwned()) {
      Optional<Attribution.Caller> caller = attribution.caller();
      if (caller.isPresent()) {
        for (Finding finding : statements.findings(known, caller.get())) {
          tell(finding);
        }
      }
    }
    return known.reading().searchPath();
  }

  private void tell(Finding finding) throws SQLException {
    if (refusing) {
      throw new SQLException(finding.message(), INSUFFICIENT_PRIVILEGE);
    }
    if (reported.size() < MOST_REMEMBERED && reported.add(finding)) {
      listener.accept(finding);
    }
  }

  /** Bounded, as statements with values in their text are all different. */
  static <K, V> boolean hasRoom(Map<K, V> map) {
    return map.size() < MOST_REMEMBERED;
  }
}
