package dev.banyan.bench;

import dev.banyan.bench.accounts.AccountsCommand;
import dev.banyan.bench.mover.MoverBench;
import dev.banyan.bench.rules.RulesBench;
import dev.banyan.bench.switching.SwitchBench;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The benchmarks' command line. */
@Command(name = "banyan bench", description = "Measures the toolkit beside what else does the same.", mixinStandardHelpOptions = true,
    subcommands = {MoverBench.class, RulesBench.class, SwitchBench.class, AccountsCommand.class}, synopsisSubcommandLabel = "COMMAND")
public final class Bench {

  private Bench() {}

  /** Runs a benchmark; exits with 1 where something that is wanted is not met. */
  public static void main(String... arguments) {
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }
}
