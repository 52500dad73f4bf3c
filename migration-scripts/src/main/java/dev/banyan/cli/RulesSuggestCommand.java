package dev.banyan.cli;

import dev.banyan.rules.SchemaOwnership;
import dev.banyan.rules.SchemaScan;
import dev.banyan.rules.draft.Borders;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "suggest", mixinStandardHelpOptions = true,
    description = "Proposes modules for a code base without any: groups tables and packages by what is used together, with the cost of each cut.")
final class RulesSuggestCommand implements Callable<Integer> {

  @Mixin
  private ClassesOptions classes = new ClassesOptions();

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    List<String> problems = classes.problems();
    if (!problems.isEmpty()) {
      problems.forEach(spec.commandLine().getErr()::println);
      return Banyan.WRONG;
    }
    Borders borders;
    try {
      borders = Borders.of(SchemaScan.of(SchemaOwnership.none(), classes.places()));
    } catch (IllegalArgumentException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return Banyan.WRONG;
    }
    new Output(spec.commandLine().getOut(), json).answer(Map.of("modules", borders.groups(), "cuts", borders.cuts()), borders.text());
    return PlanCommand.DONE;
  }
}
