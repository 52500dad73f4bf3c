package dev.banyan.rules.runtime;

import dev.banyan.rules.Finding;
import dev.banyan.rules.SchemaOwnership;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ConnectionBuilder;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Wraps a data source, and holds each statement against the ownership at the moment it is sent. A statement belongs to the
 * module of the nearest class on the stack that belongs to one; a statement that no module's class sends (a migration at the start) is
 * let through. What JDBC gives out by the connections is guarded as well; what {@code unwrap} gives out of a driver's own is not, and a module
 * that takes it is told as a warning of this class's {@link System.Logger}. Safe for use by several threads; of each statement the tables are read once.
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

  private static final Logger LOG = System.getLogger(SchemaGuard.class.getName());

  private final Attribution attribution;
  private final Statements statements;
  private final Consumer<Finding> listener;
  private final boolean refusing;
  private final Set<Finding> reported = ConcurrentHashMap.newKeySet();
  private final Set<String> told = ConcurrentHashMap.newKeySet();

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
    return (DataSource) wrapped(dataSource, DataSource.class);
  }

  private Object wrapped(Object giver, Class<?> type) {
    return Proxy.newProxyInstance(SchemaGuard.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
      Object result = invoke(giver, proxy, method, arguments);
      if (Calls.isUnwrapping(method)) {
        return result;
      } else if (result instanceof Connection connection) {
        return new GuardedConnection(connection, this).proxy();
      }
      return result instanceof ConnectionBuilder ? wrapped(result, ConnectionBuilder.class) : result;
    });
  }

  /** Passes a call on, and tells where a module takes what is wrapped out of its wrapper. */
  @Nullable Object invoke(Object target, Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
    Object result = Calls.invoke(target, proxy, method, arguments);
    if (method.getName().equals("unwrap") && Calls.isUnwrapping(method) && result != proxy && arguments != null) {
      attribution.caller().ifPresent(caller -> taken((Class<?>) arguments[0], caller));
    }
    return result;
  }

  private void taken(Class<?> type, Attribution.Caller caller) {
    String message = ("Module '%s' takes %s out of the wrapped data source, in %s (%s). What it sends by it is held against nothing: keep to"
        + " JDBC's own interfaces, or see to it that it names no other module's tables.")
        .formatted(caller.module(), type.getName(), caller.location(), caller.source());
    if (told.size() < MOST_REMEMBERED && told.add(message)) {
      LOG.log(Level.WARNING, message);
    }
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
