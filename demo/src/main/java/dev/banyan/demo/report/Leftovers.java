package dev.banyan.demo.report;

import dev.banyan.demo.stage.Server;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What a completed move has left in the catalogs, other than the record of who owns the module and its former tables. */
public final class Leftovers {

  private static final String EITHER = """
      select 'slot ' || slot_name from pg_replication_slots
      union all select 'publication ' || pubname from pg_publication
      union all select 'prepared transaction ' || gid from pg_prepared_xacts
      union all select 'trigger ' || tgname from pg_trigger where tgname like 'banyan%'
      """;
  private static final String SERVICE = """
      union all select 'schema ' || nspname from pg_namespace where nspname = 'banyan'
      """;

  private Leftovers() {}

  /** Lists what is left on both sides. */
  public static List<String> find(Server monolith, String monolithDatabase, Server service, String serviceDatabase)
      throws SQLException {
    List<String> found = new ArrayList<>(query(monolith, monolithDatabase, EITHER, "monolith"));
    found.addAll(query(service, serviceDatabase, EITHER + SERVICE, "service"));
    return found;
  }

  private static List<String> query(Server server, String database, String sql, String side) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = server.connect(database); var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      while (row.next()) {
        found.add("%s (%s)".formatted(row.getString(1), side));
      }
    }
    return found;
  }
}
