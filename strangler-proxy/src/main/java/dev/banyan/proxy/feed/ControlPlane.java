package dev.banyan.proxy.feed;

import dev.banyan.control.client.Owner;
import dev.banyan.proxy.route.Access;
import dev.banyan.proxy.route.ModuleState;
import dev.banyan.proxy.route.Origin;
import dev.banyan.proxy.route.Route;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** The statements a proxy sends to the control tables. Stateless; each method works on the connection it is given. */
final class ControlPlane {

  private static final String READ = """
      select e.module, e.phase, e.owner, e.reads_percent, e.route_version, e.held, e.monolith_url, e.service_url,
             e.max_hold_ms, r.path, r.methods, r.kind
      from banyan.extraction e left join banyan.route r using (module)
      order by e.module, r.position""";
  private static final String BEAT = """
      insert into banyan.proxy (id) values (?)
      on conflict (id) do update set seen_at = clock_timestamp()""";
  /** Says nothing where nothing changed, and nothing of a proxy or module that is not there any more. */
  private static final String ACKNOWLEDGE = """
      with acknowledged as (
        insert into banyan.proxy_acknowledgement as a (proxy, module, route_version)
        select p.id, e.module, ? from banyan.proxy p, banyan.extraction e where p.id = ? and e.module = ?
        on conflict (proxy, module) do update set route_version = excluded.route_version
          where a.route_version <> excluded.route_version
        returning module)
      select pg_notify('banyan', module) from acknowledged""";

  private final ControlAddress address;
  private final String proxy;

  ControlPlane(ControlAddress address, String proxy) {
    this.address = address;
    this.proxy = proxy;
  }

  Connection open(String name) throws SQLException {
    var properties = new Properties();
    properties.put("user", address.user());
    properties.put("password", address.password());
    properties.put("ApplicationName", "banyan-proxy " + name);
    properties.put("connectTimeout", "3");
    properties.put("socketTimeout", "5");
    properties.put("tcpKeepAlive", "true");
    Connection connection = DriverManager.getConnection(address.url(), properties);
    try (var statement = connection.createStatement()) {
      // What a proxy writes is made again every second; nobody has to wait for the disk.
      statement.execute("set synchronous_commit = off");
    }
    return connection;
  }

  void listen(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("listen banyan");
    }
  }

  /** Tells that this proxy lives. */
  void beat(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement(BEAT)) {
      statement.setString(1, proxy);
      statement.executeUpdate();
    }
  }

  /** Takes this proxy off the list, its acknowledgements with it. */
  void leave(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement("delete from banyan.proxy where id = ?")) {
      statement.setString(1, proxy);
      statement.executeUpdate();
    }
  }

  void acknowledge(Connection connection, Map<String, Long> versions) throws SQLException {
    try (var statement = connection.prepareStatement(ACKNOWLEDGE)) {
      for (var version : versions.entrySet()) {
        acknowledge(statement, version.getKey(), version.getValue());
      }
    }
  }

  private void acknowledge(PreparedStatement statement, String module, long version) throws SQLException {
    statement.setLong(1, version);
    statement.setString(2, proxy);
    statement.setString(3, module);
    statement.execute();
  }

  /** Reads all modules in one statement, and therefore as of one moment. */
  List<ModuleState> read(Connection connection) throws SQLException {
    Map<String, ModuleState> heads = new LinkedHashMap<>();
    Map<String, List<Route>> routes = new LinkedHashMap<>();
    try (var statement = connection.prepareStatement(READ);
        var rows = statement.executeQuery()) {
      while (rows.next()) {
        ModuleState head = head(rows);
        heads.put(head.module(), head);
        List<Route> ofModule = routes.computeIfAbsent(head.module(), module -> new ArrayList<>());
        route(rows).ifPresent(ofModule::add);
      }
    }
    return heads.values().stream().map(head -> with(head, routes.getOrDefault(head.module(), List.of()))).toList();
  }

  private static ModuleState head(ResultSet row) throws SQLException {
    return new ModuleState(row.getString("module"), row.getString("phase"), Owner.valueOf(row.getString("owner")),
        row.getInt("reads_percent"), row.getLong("route_version"), row.getBoolean("held"),
        origin(row.getString("monolith_url")), origin(row.getString("service_url")),
        Duration.ofMillis(row.getLong("max_hold_ms")), List.of());
  }

  private static Optional<Origin> origin(@Nullable String url) {
    return Optional.ofNullable(url).map(Origin::parse);
  }

  private static Optional<Route> route(ResultSet row) throws SQLException {
    String path = row.getString("path");
    if (path == null) {
      return Optional.empty();
    }
    List<String> methods = List.of((String[]) row.getArray("methods").getArray());
    return Optional.of(Route.of(path, methods, Optional.ofNullable(row.getString("kind")).map(Access::valueOf)));
  }

  private static ModuleState with(ModuleState s, List<Route> routes) {
    return new ModuleState(s.module(), s.phase(), s.owner(), s.readsPercent(), s.version(), s.held(), s.monolith(),
        s.service(), s.maxHold(), routes);
  }

  /** Undefined table or schema: the database answers, and knows of no extraction. */
  static boolean isNotInstalled(SQLException e) {
    return "42P01".equals(e.getSQLState()) || "3F000".equals(e.getSQLState());
  }
}
