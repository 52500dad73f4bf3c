package dev.banyan.proxy;

import dev.banyan.control.ControlSchema;
import dev.banyan.proxy.feed.ControlAddress;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalLong;

/** The control tables in a real PostgreSQL, as a mover would change them. One server serves all tests of a run. */
final class ControlTables {

  private static final String ROLE = "proxy_role";

  private final EmbeddedPostgres server;

  private ControlTables(EmbeddedPostgres server) {
    this.server = server;
  }

  private static final class Shared {
    static final ControlTables TABLES = new ControlTables(startServer());
  }

  static ControlTables shared() {
    return Shared.TABLES;
  }

  private static EmbeddedPostgres startServer() {
    try {
      return EmbeddedPostgres.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ControlAddress address() {
    return new ControlAddress("jdbc:postgresql://localhost:" + server.getPort() + "/postgres", ROLE, "secret");
  }

  void reset() {
    uninstall();
    execute("drop role if exists " + ROLE);
    execute("create role " + ROLE + " login password 'secret'");
    install();
  }

  void uninstall() {
    execute("drop schema if exists banyan cascade");
  }

  void install() {
    ControlSchema.installPlane(server.getPostgresDatabase());
    execute("grant usage on schema banyan to " + ROLE);
    execute("grant select on banyan.extraction, banyan.route to " + ROLE);
    execute("grant select, insert, update, delete on banyan.proxy, banyan.proxy_acknowledgement to " + ROLE);
  }

  void plan(String module, int monolithPort, int servicePort, long maxHoldMillis) {
    execute("""
        insert into banyan.extraction (module, phase, owner, epoch, monolith_url, service_url, max_hold_ms)
        values ('%s', 'IN_SYNC', 'MONOLITH', 1, 'http://127.0.0.1:%d', 'http://127.0.0.1:%d', %d)"""
        .formatted(module, monolithPort, servicePort, maxHoldMillis));
    execute("insert into banyan.route (module, position, path) values ('%s', 0, '/api/v1/%s/**')".formatted(module, module));
    say(module);
  }

  /** Changes the module as the mover does, in one step with a new version, which is returned. */
  long change(String module, String assignment) {
    long version = number("""
        with changed as (update banyan.extraction set %s, route_version = route_version + 1
                         where module = '%s' returning route_version)
        select route_version from changed""".formatted(assignment, module)).orElseThrow();
    say(module);
    return version;
  }

  long hold(String module) {
    return change(module, "held = true");
  }

  long giveToService(String module) {
    return change(module, "held = false, owner = 'SERVICE', phase = 'WRITES_SWITCHED'");
  }

  long giveToMonolith(String module) {
    return change(module, "held = false, owner = 'MONOLITH', phase = 'IN_SYNC'");
  }

  private void say(String module) {
    execute("select pg_notify('banyan', '%s')".formatted(module));
  }

  OptionalLong acknowledged(String proxy, String module) {
    return number("select route_version from banyan.proxy_acknowledgement where proxy = '%s' and module = '%s'"
        .formatted(proxy, module));
  }

  long livingProxies(String proxy) {
    return number("select count(*) from banyan.proxy where id = '%s' and seen_at > clock_timestamp() - interval '5 s'"
        .formatted(proxy)).orElseThrow();
  }

  /** Cuts the proxy off, as a lost database would. */
  void cutOff() {
    execute("alter role " + ROLE + " nologin");
    execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = '" + ROLE + "'");
  }

  void comeBack() {
    execute("alter role " + ROLE + " login");
  }

  long connections() {
    return number("select count(*) from pg_stat_activity where usename = '" + ROLE + "'").orElseThrow();
  }

  void execute(String sql) {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private OptionalLong number(String sql) {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }
}
