package dev.banyan.cli;

import dev.banyan.rules.RoleScript;
import dev.banyan.rules.SchemaOwnership;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "roles", mixinStandardHelpOptions = true,
    description = "Prints SQL for PostgreSQL that gives each module a role with rights on its own tables only. Changes nothing itself.")
final class RolesCommand implements Callable<Integer> {

  @Option(names = "--ownership", paramLabel = "FILE", required = true, description = "Who owns which tables, a YAML file.")
  private Path ownership = Path.of("");

  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    try {
      spec.commandLine().getOut().print(RoleScript.of(SchemaOwnership.load(ownership.toString())));
      spec.commandLine().getOut().flush();
      return PlanCommand.DONE;
    } catch (IllegalArgumentException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return Banyan.WRONG;
    }
  }
}
