package dev.banyan.cli;

import dev.banyan.move.mover.Refused;
import dev.banyan.move.plan.PlanException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParseResult;

/** The command line. */
@Command(name = "banyan", mixinStandardHelpOptions = true, version = "banyan 0.1.0",
    description = "Takes a module out of a monolith, its tables and its routes, with a way back at every step.",
    subcommands = {CheckCommand.class, RunCommand.class, StatusCommand.class, PauseCommand.class, ResumeCommand.class,
        VerifyCommand.class, SwitchCommand.class, RollbackCommand.class, CompleteCommand.class, CancelCommand.class,
        MigrationCommand.class, DriftCommand.class, DoctorCommand.class, RehearseCommand.class, RulesCommand.class, OwnershipCommand.class, RolesCommand.class},
    commandListHeading = "%nVerbs, in the order of a move:%n",
    footer = {"", "Exit codes: 0 done; 1 refused or not equal, with the reasons; 2 wrong usage or plan; 3 unexpected failure.",
        "In a source checkout, `./banyan demo` shows a whole move under load."})
public final class Banyan {

  /** Wrong usage or plan. */
  static final int WRONG = 2;
  /** Unexpected failure. */
  static final int UNEXPECTED = 3;

  private Banyan() {}

  /** Runs one verb and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** Returns the command line, for whoever runs it inside another program. */
  public static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Banyan());
    commandLine.setExecutionExceptionHandler((failure, line, parsed) -> explain(failure, line, parsed));
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    return commandLine;
  }

  private static int explain(Exception failure, CommandLine line, ParseResult parsed) {
    Map<String, Object> answer = Map.of("error", String.valueOf(failure.getMessage()));
    if (failure instanceof PlanException problem) {
      return print(line, parsed, Map.of("error", "the plan cannot be used", "problems",
          problem.problems().stream().map(Object::toString).toList()), String.valueOf(problem.getMessage()), WRONG);
    }
    if (failure instanceof Refused refused) {
      return print(line, parsed, answer(refused), String.valueOf(refused.getMessage()), PlanCommand.REFUSED);
    }
    if (failure instanceof InterruptedException) {
      return ExitCode.SOFTWARE;
    }
    return print(line, parsed, answer, "Unexpected failure: " + failure.getMessage(), UNEXPECTED);
  }

  private static Map<String, Object> answer(Refused refused) {
    Map<String, Object> answer = new LinkedHashMap<>(Map.of("error", refused.headline(), "unmet", refused.unmet()));
    if (!refused.warnings().isEmpty()) {
      answer.put("warnings", refused.warnings());
    }
    return answer;
  }

  private static boolean wantsJson(ParseResult parsed) {
    ParseResult verb = parsed;
    while (verb.hasSubcommand()) {
      verb = verb.subcommand();
    }
    return verb.hasMatchedOption("--json");
  }

  private static int print(CommandLine line, ParseResult parsed, Object json, String text, int exitCode) {
    if (wantsJson(parsed)) {
      new Output(line.getOut(), true).answer(json, text);
    } else {
      line.getErr().println(text);
    }
    return exitCode;
  }
}
