package dev.banyan.cli;

import dev.banyan.rules.catalog.Catalog;
import dev.banyan.rules.sql.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import picocli.CommandLine.Option;

/** The options that name a database to look into. */
final class DatabaseOptions {

  @Option(names = "--database", paramLabel = "URL", description = "A PostgreSQL database to ask as well, jdbc:postgresql://…")
  private @Nullable String url;

  @Option(names = "--user", paramLabel = "NAME", description = "Its user; it needs no rights on tables.")
  private @Nullable String user;

  @Option(names = "--password", paramLabel = "PASSWORD", arity = "0..1", interactive = true, defaultValue = "${env:BANYAN_DB_PASSWORD}",
      description = "Its password, asked for where none is given; by default that of the environment's BANYAN_DB_PASSWORD.")
  private @Nullable String password;

  Optional<DataSource> database() {
    if (url == null) {
      return Optional.empty();
    }
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(url);
    if (user != null) {
      database.setUser(user);
    }
    Password.of(password).ifPresent(database::setPassword);
    return Optional.of(database);
  }

  List<TableName> tables() throws SQLException {
    Optional<DataSource> database = database();
    if (database.isEmpty()) {
      return List.of();
    }
    try (Connection connection = database.get().getConnection()) {
      return Catalog.tables(connection);
    }
  }
}
