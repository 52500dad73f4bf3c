package dev.banyan.cli;

import dev.banyan.rules.SchemaOwnership;
import dev.banyan.rules.SchemaScan;
import dev.banyan.rules.draft.OwnershipDraft;
import dev.banyan.rules.sql.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "init", mixinStandardHelpOptions = true,
    description = "Drafts schema-ownership.yml: the packages below the application's are the modules; a table belongs to the one whose "
        + "migrations create it, whose entities map it, or that writes it most.")
final class OwnershipInitCommand implements Callable<Integer> {

  @Mixin
  private ClassesOptions classes = new ClassesOptions();

  @Mixin
  private DatabaseOptions database = new DatabaseOptions();

  @Option(names = "--output", paramLabel = "FILE", description = "Write there instead of to the terminal; an existing file is left alone.")
  private @Nullable Path output;

  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    List<String> problems = new ArrayList<>(classes.problems());
    if (output != null && Files.exists(output)) {
      problems.add("%s is there already. Move it away, or name another file.".formatted(output));
    }
    if (!problems.isEmpty()) {
      problems.forEach(spec.commandLine().getErr()::println);
      return Banyan.WRONG;
    }
    Collection<TableName> tables;
    try {
      tables = database.tables();
    } catch (SQLException | IllegalArgumentException e) {
      spec.commandLine().getErr().println("The database's tables cannot be read: %s Check --database, --user and the password, or leave them out."
          .formatted(e.getMessage()));
      return Banyan.WRONG;
    }
    String draft;
    try {
      draft = OwnershipDraft.of(SchemaScan.of(SchemaOwnership.none(), classes.places()), tables);
    } catch (IllegalArgumentException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return Banyan.WRONG;
    }
    if (output == null) {
      spec.commandLine().getOut().print(draft);
      spec.commandLine().getOut().flush();
    } else {
      Files.writeString(output, draft);
      spec.commandLine().getOut().println("Wrote %s. Read it, then run `banyan rules scan`.".formatted(output));
    }
    return PlanCommand.DONE;
  }
}
