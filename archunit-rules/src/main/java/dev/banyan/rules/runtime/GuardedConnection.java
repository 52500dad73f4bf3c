package dev.banyan.rules.runtime;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A connection, and all that JDBC gives out by it: whichever way leads from there to a statement or back to the connection ends
 * at a guarded one. Like a connection, not for several threads at once.
 */
final class GuardedConnection {

  private static final Set<String> SENDING = Set.of("prepareStatement", "prepareCall", "execute", "executeQuery", "executeUpdate",
      "executeLargeUpdate", "addBatch");

  private final Connection connection;
  private final SchemaGuard guard;
  private final Connection proxy;
  private Optional<String> searchPath = Optional.empty();

  GuardedConnection(Connection connection, SchemaGuard guard) {
    this.connection = connection;
    this.guard = guard;
    this.proxy = (Connection) Proxy.newProxyInstance(SchemaGuard.class.getClassLoader(), new Class<?>[] {Connection.class}, this::call);
  }

  Connection proxy() {
    return proxy;
  }

  private @Nullable Object call(Object self, Method method, Object @Nullable [] arguments) throws Throwable {
    checked(method, arguments);
    Object result = guard.invoke(connection, self, method, arguments);
    if (method.getName().equals("setSchema") && arguments != null) {
      searchPath = Optional.ofNullable((String) arguments[0]);
    }
    return Calls.isUnwrapping(method) ? result : guarded(result, self);
  }

  private void checked(Method method, Object @Nullable [] arguments) throws Throwable {
    if (arguments != null && arguments.length > 0 && arguments[0] instanceof String sql && SENDING.contains(method.getName())) {
      searchPath = guard.check(sql, searchPath).or(() -> searchPath);
    }
  }

  /** Returns what was given out, guarded if a way leads on from it. */
  private @Nullable Object guarded(@Nullable Object result, Object giver) {
    if (result instanceof Connection) {
      return proxy;
    } else if (result instanceof Statement statement) {
      return wrapped(statement, typeOf(statement), giver);
    } else if (result instanceof ResultSet) {
      return wrapped(result, ResultSet.class, giver);
    } else if (result instanceof DatabaseMetaData) {
      return wrapped(result, DatabaseMetaData.class, giver);
    }
    return result instanceof Array ? wrapped(result, Array.class, giver) : result;
  }

  private static Class<?> typeOf(Statement statement) {
    return statement instanceof CallableStatement ? CallableStatement.class
        : statement instanceof PreparedStatement ? PreparedStatement.class : Statement.class;
  }

  private Object wrapped(Object target, Class<?> type, Object giver) {
    return Proxy.newProxyInstance(SchemaGuard.class.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
      checked(method, arguments);
      Object result = guard.invoke(target, self, method, arguments);
      boolean back = result instanceof Statement && giver instanceof Statement;
      return Calls.isUnwrapping(method) ? result : back ? giver : guarded(result, self);
    });
  }
}
