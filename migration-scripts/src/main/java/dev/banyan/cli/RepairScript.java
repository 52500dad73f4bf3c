package dev.banyan.cli;

import dev.banyan.control.Differences.Difference;
import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Database;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A file of SQL that makes the follower's rows equal to the owner's, in one transaction. It holds personal data: nobody
 * but its owner may read it, from its creation on, and no file that is there already is written to.
 */
final class RepairScript implements AutoCloseable {

  private final Writer file;

  private RepairScript(Writer file) {
    this.file = file;
  }

  static RepairScript create(Path path) throws IOException {
    if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } else {
      Files.createFile(path);
    }
    return new RepairScript(Files.newBufferedWriter(path, StandardCharsets.UTF_8, StandardOpenOption.WRITE));
  }

  void begin(String module, Owner follower, String position) throws IOException {
    file.write("""
        -- Makes rows of module '%s' on the side of the %s equal to the owner's at position %s of the owner's log.
        -- Run it on the database of the %s. A row that has changed since is left alone; afterwards, verify again.
        begin;
        set local session_replication_role = replica;
        %s
        """.formatted(module, follower.word(), position, follower.word(), settings()));
  }

  /** Values are read as they were written. */
  private static String settings() {
    return Arrays.stream(Database.sessionOptions().split("-c ")).map(String::trim)
        .filter(setting -> !setting.isEmpty() && !setting.startsWith("idle") && !setting.startsWith("synchronous"))
        .map(setting -> "set local %s = '%s';".formatted((Object[]) setting.split("=", 2)))
        .collect(Collectors.joining("\n"));
  }

  void add(Difference difference) throws IOException {
    file.write(difference.repair());
    file.write('\n');
  }

  void end() throws IOException {
    file.write("commit;\n");
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
