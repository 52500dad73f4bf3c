package dev.banyan.cli;

import dev.banyan.move.database.DatabaseAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name the server for the copies of a rehearsal. */
final class ScratchOptions {

  @Option(names = "--server", paramLabel = "URL",
      description = "A database of the server to make the copies on, jdbc:postgresql://…; the service's where nothing is said.")
  private @Nullable String url;

  @Option(names = "--user", paramLabel = "NAME", description = "Its user; the service's where nothing is said.")
  private @Nullable String user;

  @Option(names = "--password", paramLabel = "PASSWORD", arity = "0..1", interactive = true, defaultValue = "${env:BANYAN_DB_PASSWORD}",
      description = "Its password, asked for where none is given; by default that of the environment's BANYAN_DB_PASSWORD, or the service's.")
  private @Nullable String password;

  /** Returns the address of the server; whatever is not said is the service's. */
  DatabaseAddress address(DatabaseAddress service) {
    String given = url == null ? service.password() : Password.of(password).orElse(service.password());
    return new DatabaseAddress(Objects.requireNonNullElse(url, service.url()), Objects.requireNonNullElse(user, service.user()), given);
  }
}
