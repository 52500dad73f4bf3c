package dev.banyan.cli;

import dev.banyan.move.mover.MovedOutMigration;
import dev.banyan.move.mover.Refused;
import dev.banyan.move.mover.Workspace;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "migration", mixinStandardHelpOptions = true,
    description = {"Writes the Flyway migration by which the monolith forgets the tables of a module that has left; asks no database.",
        "In the one that the move was completed in it does nothing, in a new one it drops the empty tables, and where it finds rows "
            + "that no move has taken away, or a move under way, it fails and changes nothing."})
final class MigrationCommand extends PlanCommand {

  @Option(names = "--out", paramLabel = "FILE",
      description = "Write it there, for instance V12__users_moved_out.sql beside the module's other migrations; printed without this.")
  private @Nullable Path file;

  @Override
  int run(Workspace space, Output output) throws IOException {
    String sql = MovedOutMigration.of(space.plan());
    if (file == null) {
      output.answer(Map.of("sql", sql), sql.stripTrailing());
      return DONE;
    }
    try {
      Files.writeString(file, sql, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw new Refused("%s is there already; a migration that has been applied must not change. Name another file.".formatted(file));
    }
    output.answer(Map.of("file", file.toString()), "Wrote %s.".formatted(file));
    return DONE;
  }
}
