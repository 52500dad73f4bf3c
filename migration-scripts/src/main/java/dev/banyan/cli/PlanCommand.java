package dev.banyan.cli;

import dev.banyan.move.mover.Workspace;
import dev.banyan.move.plan.Plan;
import dev.banyan.move.plan.PlanReader;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What all verbs have in common: a plan, and an answer for people or for programs. */
abstract class PlanCommand implements Callable<Integer> {

  /** Done. */
  static final int DONE = 0;
  /** Refused, or not equal; the reasons were printed. */
  static final int REFUSED = 1;

  @Parameters(index = "0", paramLabel = "PLAN", description = "The plan, a YAML file.")
  private Path file = Path.of("");

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Override
  public final Integer call() throws Exception {
    Plan plan = PlanReader.read(file, System.getenv());
    try (Workspace space = new Workspace(plan)) {
      return run(space, new Output(spec.commandLine().getOut(), json));
    }
  }

  /** Carries the verb out; returns its exit code. */
  abstract int run(Workspace space, Output output) throws Exception;

  /** Returns the command line, for what is wrong with its options. */
  final CommandLine commandLine() {
    return spec.commandLine();
  }

  /** Returns the plan's file as the user named it. */
  final Path file() {
    return file;
  }
}
