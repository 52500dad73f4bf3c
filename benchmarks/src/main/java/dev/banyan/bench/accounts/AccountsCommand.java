package dev.banyan.bench.accounts;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves accounts until the process is ended; the password of the database's role is its name, as everywhere on the stage. */
@Command(name = "accounts", hidden = true, description = "Serves accounts from a database; a part of `bench switch --plain`.")
public final class AccountsCommand implements Callable<Integer> {

  /** As many as Spring Boot's pool has. */
  private static final int CONNECTIONS = 10;

  @Option(names = "--port", required = true)
  private int port;

  @Option(names = "--database", required = true)
  private String database = "";

  @Option(names = "--user", required = true)
  private String user = "";

  @Override
  public Integer call() throws Exception {
    try (HikariDataSource pool = new HikariDataSource(settings())) {
      AccountTables tables = new AccountTables(pool);
      tables.create();
      Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(CONNECTIONS));
      new AccountServer(vertx, tables).listen(port).toCompletionStage().toCompletableFuture().get();
      new CountDownLatch(1).await();
    }
    return 0;
  }

  private HikariConfig settings() {
    HikariConfig settings = new HikariConfig();
    settings.setJdbcUrl(database);
    settings.setUsername(user);
    settings.setPassword(user);
    settings.setMaximumPoolSize(CONNECTIONS);
    return settings;
  }
}
