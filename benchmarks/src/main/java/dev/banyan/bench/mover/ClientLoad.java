package dev.banyan.bench.mover;

import dev.banyan.move.database.DatabaseAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * Clients that go on with their work while something else happens: {@code pgbench}, a process of its own, with 200
 * transactions of one read and one update a second.
 *
 * @see <a href="https://www.postgresql.org/docs/current/pgbench.html">PostgreSQL, pgbench</a>
 */
final class ClientLoad implements AutoCloseable {

  /** What they work on. */
  static final String TABLE = """
      create table s.load as select i as id, 0 as n from generate_series(1, 100000) i; alter table s.load add primary key (id)""";

  private static final String TRANSACTION = """
      \\set one random(1, 100000)
      \\set other random(1, 100000)
      select n from s.load where id = :one;
      update s.load set n = n + 1 where id = :other;
      """;

  private final Path directory;
  private final Process clients;

  private ClientLoad(Path directory, Process clients) {
    this.directory = directory;
    this.clients = clients;
  }

  /** Begins on a database that has {@link #TABLE}. */
  static ClientLoad on(DatabaseAddress database) throws IOException {
    Path directory = Files.createTempDirectory("banyan-load");
    Path script = Files.writeString(directory.resolve("script.sql"), TRANSACTION);
    return new ClientLoad(directory, new ProcessBuilder("pgbench", "--no-vacuum", "--protocol=prepared", "--client=4", "--rate=200", "--time=3600",
        "--log", "--log-prefix=" + directory.resolve("log"), "--file=" + script, Servers.uri(database))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(directory.resolve("error").toFile()).start());
  }

  /** Ends them, and returns the p99 of the transactions that ended in a span of time, in ms, counted from when each was due. */
  double p99(Instant from, Instant to) throws IOException, InterruptedException {
    if (!clients.isAlive()) {
      throw new IllegalStateException("pgbench ended: " + Files.readString(directory.resolve("error")));
    }
    end();
    var latency = new Histogram(3);
    for (Path log : files().filter(file -> file.getFileName().toString().startsWith("log")).toList()) {
      List<String> lines = Files.readAllLines(log);
      // The last line may be cut off.
      lines.subList(0, Math.max(0, lines.size() - 1)).stream().map(Transaction::of)
          .filter(transaction -> !transaction.ended().isBefore(from) && !transaction.ended().isAfter(to))
          .forEach(transaction -> latency.recordValue(transaction.micros()));
    }
    return latency.getValueAtPercentile(99) / 1e3;
  }

  private record Transaction(long micros, Instant ended) {

    /** The client, the number of the transaction, its time in µs, the script, and when it ended in s and µs. */
    static Transaction of(String line) {
      String[] told = line.split(" ");
      return new Transaction(Long.parseLong(told[2]), Instant.ofEpochSecond(Long.parseLong(told[4]), Long.parseLong(told[5]) * 1_000));
    }
  }

  private void end() throws InterruptedException {
    clients.destroy();
    if (!clients.waitFor(10, TimeUnit.SECONDS)) {
      throw new IllegalStateException("pgbench does not end");
    }
  }

  private Stream<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList().stream();
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    end();
    for (Path file : files().toList()) {
      Files.delete(file);
    }
    Files.delete(directory);
  }
}
