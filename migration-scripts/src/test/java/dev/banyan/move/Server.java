package dev.banyan.move;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A PostgreSQL server as a process: it can be killed and started again on its data. */
public final class Server {

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
  public static Server at(String url) {
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

  /** Copies this server's data, as a physical backup does, and starts a standby that follows it: without its slots. */
  public Server standby(Path folder, int port) {
    try (var connection = DriverManager.getConnection(url, "postgres", "postgres"); var statement = connection.createStatement()) {
      statement.execute("select pg_backup_start('standby', true)");
      copy(folder);
      try (var stopped = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
        stopped.next();
        Files.writeString(folder.resolve("backup_label"), stopped.getString(1));
      }
      Files.writeString(folder.resolve("postgresql.auto.conf"), "primary_conninfo = 'host=localhost port=%d user=postgres'%n"
          .formatted(URI.create(url.substring("jdbc:".length())).getPort()), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      Files.createFile(folder.resolve("standby.signal"));
      Server standby = new Server(folder, url.replaceFirst(":\\d+/", ":" + port + "/"), elsewhere(folder, port));
      standby.start();
      return standby;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> elsewhere(Path folder, int port) {
    List<String> changed = new ArrayList<>(command);
    changed.set(changed.indexOf("-D") + 1, folder.toString());
    changed.set(changed.indexOf("-p") + 1, Integer.toString(port));
    return changed;
  }

  private void copy(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path relative = data.relativize(file);
        if (!relative.startsWith("postmaster.pid") && !(relative.startsWith("pg_replslot") && relative.getNameCount() > 1)) {
          copy(file, folder.resolve(relative));
        }
      }
    }
  }

  private static void copy(Path file, Path to) throws IOException {
    try {
      Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    } catch (NoSuchFileException e) {
      // It was removed meanwhile; the log says so.
      return;
    }
  }

  /** Makes a standby the server that is written to. */
  public void promote() {
    try (var connection = DriverManager.getConnection(url, "postgres", "postgres"); var statement = connection.createStatement()) {
      statement.execute("select pg_promote()");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
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
  public void kill() {
    ProcessHandle process = pid(data);
    List<ProcessHandle> all = new ArrayList<>(process.children().toList());
    all.add(0, process);
    all.forEach(ProcessHandle::destroyForcibly);
    Awaitility.await().atMost(WITHIN).until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
    forgetNumber();
  }

  /** Otherwise whoever stops this server later would signal the process that has its number by then. */
  private void forgetNumber() {
    try {
      Files.deleteIfExists(data.resolve("postmaster.pid"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it again and waits until it answers. */
  public void start() {
    start(command);
  }

  /**
   * Starts it again, with a file system of its own of so many megabytes under {@code folder}, which nobody else sees; in
   * name spaces of its own, for which no privilege is needed.
   */
  public void startWithSmallDisk(Path folder, int megabytes) {
    List<String> own = new ArrayList<>(List.of("unshare", "-Urm", "sh", "-c",
        "mount -t tmpfs -o size=%dm tmpfs '%s' && exec unshare -U \"$@\"".formatted(megabytes, folder), "sh"));
    own.addAll(command.get(0).equals("unshare") ? command.subList(2, command.size()) : command);
    start(own);
  }

  private void start(List<String> command) {
    try {
      new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log().toFile()).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      Awaitility.await("the server").atMost(WITHIN).pollInterval(Duration.ofMillis(20)).ignoreExceptions().until(() -> {
        DriverManager.getConnection(url, "postgres", "postgres").close();
        return true;
      });
    } catch (ConditionTimeoutException e) {
      throw new IllegalStateException("The server does not start: " + said(), e);
    }
  }

  private Path log() {
    return data.resolve("restart.log");
  }

  private String said() {
    try {
      return Files.readString(log());
    } catch (IOException e) {
      return "and its log cannot be read: " + e;
    }
  }
}
