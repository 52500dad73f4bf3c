package dev.banyan.move;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;

/** A PostgreSQL server as a process: it can be killed and started again on its data. */
final class Server {

  private static final Duration WITHIN = Duration.ofSeconds(60);

  private final Path data;
  private final String url;
  private final List<String> command;

  private Server(Path data, String url, List<String> command) {
    this.data = data;
    this.url = url;
    this.command = command;
  }

  /** Returns the running server at an address. */
  static Server at(String url) {
    try (var connection = DriverManager.getConnection(url, "postgres", "postgres");
        var row = connection.createStatement().executeQuery("show data_directory")) {
      row.next();
      Path data = Path.of(row.getString(1));
      return new Server(data, url, command(pid(data)));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ProcessHandle pid(Path data) {
    try {
      return ProcessHandle.of(Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0).trim())).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Root may not run a server; in a name space of its own it is nobody. */
  private static List<String> command(ProcessHandle process) {
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(process.info().command().orElseThrow());
    command.addAll(Arrays.asList(process.info().arguments().orElseThrow()));
    return command;
  }

  /** {@code kill -9}: no server process says good-bye, and what was not written to the log is lost. */
  void kill() {
    ProcessHandle process = pid(data);
    List<ProcessHandle> all = new ArrayList<>(process.children().toList());
    all.add(0, process);
    all.forEach(ProcessHandle::destroyForcibly);
    Awaitility.await().atMost(WITHIN).until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
  }

  /** Starts it again and waits until it answers. */
  void start() {
    try {
      new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Awaitility.await("the server").atMost(WITHIN).pollInterval(Duration.ofMillis(20)).ignoreExceptions().until(() -> {
      DriverManager.getConnection(url, "postgres", "postgres").close();
      return true;
    });
  }
}
