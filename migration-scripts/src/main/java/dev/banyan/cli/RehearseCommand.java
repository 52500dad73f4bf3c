package dev.banyan.cli;

import dev.banyan.move.database.DatabaseAddress;
import dev.banyan.move.mover.Workspace;
import dev.banyan.move.plan.Durations;
import dev.banyan.move.rehearsal.Leftovers;
import dev.banyan.move.rehearsal.Rehearsal;
import dev.banyan.move.rehearsal.RehearsalReport;
import dev.banyan.move.rehearsal.RehearsalSettings;
import java.sql.SQLException;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "rehearse", mixinStandardHelpOptions = true,
    description = {"Switches writes and goes back, several times, between copies of both sides under the monolith's recorded load, and reports the "
        + "pause to expect. Reads the two real databases, and writes nothing to them; the copies are dropped at the end.",
        "Exit code 0 where the longest pause is within the plan's max-pause; otherwise 1."})
final class RehearseCommand extends PlanCommand {

  private static final int ENDS_WITHIN_SECONDS = 15;

  @Option(names = "--rounds", paramLabel = "N", defaultValue = "5", description = "Pairs of switch and rollback; ${DEFAULT-VALUE} where nothing is said.")
  private int rounds;

  @Option(names = "--record", paramLabel = "TIME", defaultValue = "30s",
      description = "How long to record what is written to the monolith's tables; ${DEFAULT-VALUE} where nothing is said.")
  private String record = "";

  @Option(names = "--between", paramLabel = "TIME", defaultValue = "2s",
      description = "How long each side owns before the next switch or rollback; ${DEFAULT-VALUE} where nothing is said.")
  private String between = "";

  @Option(names = "--rate", paramLabel = "N", description = "Writes a second to replay, in place of as many as were recorded.")
  private @Nullable Double rate;

  @Mixin
  private final ScratchOptions server = new ScratchOptions();

  @Option(names = "--clean", description = "Drop what rehearsals of this module have left that were killed, and nothing else.")
  private boolean clean;

  @Option(names = "--dry-run", description = "Print the steps, or with --clean what would be dropped; change nothing.")
  private boolean dryRun;

  @Spec
  private CommandSpec command = CommandSpec.create();

  @Override
  int run(Workspace space, Output output) throws SQLException, InterruptedException {
    DatabaseAddress address = server.address(space.plan().service().database());
    return clean ? clean(space, address, output) : rehearse(space, settings(address), output);
  }

  private RehearsalSettings settings(DatabaseAddress address) {
    try {
      if (rate != null && rate <= 0) {
        throw new IllegalArgumentException("--rate must be greater than 0");
      }
      return new RehearsalSettings(address, Durations.parse(record), rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate), rounds,
          Durations.parse(between));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()));
    }
  }

  private int clean(Workspace space, DatabaseAddress address, Output output) throws SQLException {
    Leftovers.Found found = Leftovers.clean(address, space.module(), dryRun);
    String text = found.dropped().isEmpty() ? "No killed rehearsal of module '%s' has left anything on %s.".formatted(space.module(), address.masked())
        : "%s on %s: %s.".formatted(dryRun ? "Would be dropped" : "Dropped", address.masked(), String.join(", ", found.dropped()));
    output.answer(Map.of("dropped", found.dropped(), "inUse", found.inUse()), found.inUse().isEmpty() ? text
        : text + "\nIn use by a rehearsal that goes on, and left alone: %s.".formatted(String.join(", ", found.inUse())));
    return DONE;
  }

  private int rehearse(Workspace space, RehearsalSettings settings, Output output) throws SQLException, InterruptedException {
    Consumer<String> say = sentence -> output.say(LocalTime.now().truncatedTo(ChronoUnit.MILLIS) + "  " + sentence);
    Rehearsal rehearsal = new Rehearsal(space.plan(), settings, say);
    if (dryRun) {
      List<String> steps = rehearsal.steps();
      output.answer(Map.of("steps", steps), Steps.text(steps));
      return DONE;
    }
    CountDownLatch ended = new CountDownLatch(1);
    Thread rehearsing = Thread.currentThread();
    Thread hook = new Thread(() -> stop(rehearsing, ended, rehearsal));
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      RehearsalReport report = rehearsal.run();
      output.answer(report.asMap(), RehearsalText.of(report));
      return report.holds() ? DONE : REFUSED;
    } catch (InterruptedException e) {
      output.say("Stopped. The copies are dropped, nothing else was changed.");
      return REFUSED;
    } finally {
      ended.countDown();
    }
  }

  /** What waits for a server does not notice that it is told to stop; the databases are dropped from under it. */
  private static void stop(Thread rehearsing, CountDownLatch ended, Rehearsal rehearsal) {
    rehearsing.interrupt();
    try {
      // Whether or not it has ended by itself: what is gone already is not dropped again.
      ended.await(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS);
      rehearsal.discard();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
