package dev.banyan.acceptance;

import dev.banyan.demo.stage.Server;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Everything that a database holds and a move could change: what the catalogs list, and how many rows there are. */
final class Catalogs {

  private static final String OBJECTS = """
      select 'slot ' || slot_name || ' of ' || coalesce(database, '') from pg_replication_slots where database = current_database()
      union all select 'publication ' || pubname from pg_publication
      union all select 'schema ' || nspname from pg_namespace where nspname !~ '^pg_(toast_)?temp'
      union all select 'trigger ' || tgname || ' on ' || tgrelid::regclass || ' ' || tgenabled::text from pg_trigger where not tgisinternal
      union all select 'relation ' || oid::regclass || ' ' || relreplident::text || coalesce(relacl::text, '')
        from pg_class where relnamespace in (%1$s)
      union all select 'function ' || oid::regprocedure from pg_proc where pronamespace in (%1$s)
      order by 1
      """.formatted("select oid from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'");
  private static final String TABLES = "select schemaname || '.' || tablename from pg_tables where schemaname in ('app', 'public') order by 1";

  private Catalogs() {}

  /** Lists what a database holds. */
  static List<String> list(Server server, String database) throws SQLException {
    try (Connection connection = server.connect(database)) {
      List<String> found = texts(connection, OBJECTS);
      for (String table : texts(connection, TABLES)) {
        found.add(table + " rows " + texts(connection, "select count(*)::text from " + table));
      }
      return found;
    }
  }

  private static List<String> texts(Connection connection, String query) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (var statement = connection.createStatement(); var row = statement.executeQuery(query)) {
      while (row.next()) {
        texts.add(row.getString(1));
      }
    }
    return texts;
  }
}
