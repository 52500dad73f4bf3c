package dev.banyan.rules.runtime;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A connection, and the statements made on it. Like a connection, not for several threads at once. */
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
    Object result = Calls.invoke(connection, self, method, arguments);
    if (method.getName().equals("setSchema") && arguments != null) {
      searchPath = Optional.ofNullable((String) arguments[0]);
    }
    return result instanceof Statement statement ? wrapped(statement) : result;
  }

  private void checked(Method method, Object @Nullable [] arguments) throws Throwable {
    if (arguments != null && arguments.length > 0 && arguments[0] instanceof String sql && SENDING.contains(method.getName())) {
      searchPath = guard.check(sql, searchPath).or(() -> searchPath);
    }
  }

  private Object wrapped(Statement statement) {
    Class<?> type = statement instanceof CallableStatement ? CallableStatement.class
        : statement instanceof PreparedStatement ? PreparedStatement.class : Statement.class;
    return Proxy.newProxyInstance(SchemaGuard.class.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
      if (method.getName().equals("getConnection")) {
        return proxy;
      }
      checked(method, arguments);
      return Calls.invoke(statement, self, method, arguments);
    });
  }
}
