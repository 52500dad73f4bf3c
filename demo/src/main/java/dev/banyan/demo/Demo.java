package dev.banyan.demo;

import dev.banyan.demo.load.Load;
import dev.banyan.demo.report.Report;
import dev.banyan.demo.stage.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code banyan demo}. */
@Command(name = "banyan demo", mixinStandardHelpOptions = true, version = "banyan 0.1.0",
    description = "Takes module users out of a running shop, back, and out again, while customers keep writing; over two real "
        + "PostgreSQL servers and five processes on this machine. Exit code 0 only if nothing was lost, doubled, different or failed.")
public final class Demo implements Callable<Integer> {

  private static final int MOST_ACCOUNTS = 10_000_000;
  private static final int CLEANED_UP_SECONDS = 30;

  @Option(names = "--report", description = "Write the report to this file, as JSON.")
  private @Nullable Path report;

  @Option(names = "--keep", description = "Leave everything running in the end, until Ctrl-C, and print the addresses.")
  private boolean keep;

  @Option(names = "--accounts", defaultValue = "100000", description = "Accounts before the move (${DEFAULT-VALUE}).")
  private int accounts;

  @Option(names = "--writers", defaultValue = "8", description = "Customers that write, up to 50 requests a second each (${DEFAULT-VALUE}).")
  private int writers;

  @Option(names = "--seconds", defaultValue = "24", description = "How long the load runs between the steps, in all (${DEFAULT-VALUE}).")
  private int seconds;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  private volatile boolean stopping;

  private Demo() {}

  /** Runs the demo and ends the process with its exit code. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT);
    System.exit(new CommandLine(new Demo()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    requireSensible();
    requireWritableReport();
    CountDownLatch cleanedUp = new CountDownLatch(1);
    Thread demo = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      stopping = true;
      demo.interrupt();
      await(cleanedUp);
    }));
    try (Console console = new Console(System.out, System.console() != null)) {
      return run(console);
    } catch (InterruptedException e) {
      return stopped();
    } catch (IOException | SQLException | RuntimeException e) {
      // Those who start a server say so in their own way when they are interrupted.
      if (stopping) {
        return stopped();
      }
      throw e;
    } finally {
      cleanedUp.countDown();
    }
  }

  private static int stopped() {
    System.err.println("Stopped.");
    return 1;
  }

  private int run(Console console) throws Exception {
    console.say("Starting two PostgreSQL servers, the shop, the user service and the proxy.");
    try (Stage stage = Stage.set()) {
      stage.startShop();
      Report measured = new Report();
      try (Load load = new Load(stage.proxyUrl(), accounts)) {
        new Journey(stage, load, console, measured, accounts, writers, seconds).run();
      }
      console.print(measured.text());
      if (report != null) {
        measured.writeTo(report);
        console.print("Report: " + report);
      }
      if (keep) {
        keepRunning(stage, console);
      }
      return measured.isGood() ? 0 : 1;
    }
  }

  private static void keepRunning(Stage stage, Console console) throws InterruptedException {
    console.print("""

        Running until Ctrl-C:
          shop through the proxy  %s/api/v1/users/1
          proxy's dashboard       %s
          monolith                %s
          user service            %s
          monolith's database     %s (user banyan, password banyan)
          service's database      %s (user banyan, password banyan)
          logs                    %s""".formatted(stage.proxyUrl(), stage.dashboardUrl(), stage.monolithUrl(),
        stage.serviceUrl(), stage.monolithServer().url("shop"), stage.serviceServer().url("users"), stage.folder()));
    new CountDownLatch(1).await();
  }

  private void requireSensible() {
    if (accounts < writers * 200 || accounts > MOST_ACCOUNTS || writers < 1 || writers > 64 || seconds < 1 || seconds > 3600) {
      throw new CommandLine.ParameterException(spec.commandLine(),
          "--writers must be from 1 to 64, --accounts at least 200 for each writer and at most %,d, --seconds from 1 to 3600"
              .formatted(MOST_ACCOUNTS));
    }
  }

  private void requireWritableReport() {
    if (report == null) {
      return;
    }
    Path folder = Objects.requireNonNull(report.toAbsolutePath().getParent());
    if (!Files.isWritable(folder) || Files.isDirectory(report)) {
      throw new CommandLine.ParameterException(spec.commandLine(), "--report: %s cannot be written".formatted(report));
    }
  }

  private static void await(CountDownLatch cleanedUp) {
    try {
      cleanedUp.await(CLEANED_UP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
