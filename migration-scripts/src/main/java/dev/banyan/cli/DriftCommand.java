package dev.banyan.cli;

import dev.banyan.move.drift.Application;
import dev.banyan.move.drift.Copy;
import dev.banyan.move.drift.NoAnswer;
import dev.banyan.move.mover.Workspace;
import dev.banyan.move.plan.Durations;
import dev.banyan.move.plan.Plan;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

@Command(name = "drift", mixinStandardHelpOptions = true,
    description = {"Tells how the copies of the module's data, and those that it keeps of others', differ from their owners; asks the "
        + "applications over HTTP, and no database.",
        "Exit code 1 where a value has differed for longer than allowed, where a copy was not compared for so long, or where an "
            + "application does not tell."})
final class DriftCommand extends PlanCommand {

  /** Holds what stands in the header of that name; a secret, and so not an option. */
  private static final String AUTHORIZATION = "BANYAN_COPIES_AUTHORIZATION";

  @Option(names = "--compare", description = "Have the copies compared now; without this, the last comparison is told of.")
  private boolean compare;

  @Option(names = "--heal", description = "Have what differs taken from its owner, and tell what differs still.")
  private boolean heal;

  @Option(names = "--dry-run", description = "With --heal: tell what would be healed; change nothing.")
  private boolean dryRun;

  @Option(names = "--patience", paramLabel = "TIME", defaultValue = "10m",
      description = "How long an application may compare or heal one copy; ${DEFAULT-VALUE} if not given.")
  private String patience = "10m";

  @Override
  int run(Workspace space, Output output) throws InterruptedException {
    DriftView view = new DriftView(space.module(), file().toString(), heal && dryRun);
    for (Application application : applications(space.plan())) {
      ask(application, view);
    }
    Instant now = Instant.now();
    output.answer(view.json(now), view.text(now));
    return view.isGood(now) ? DONE : REFUSED;
  }

  private List<Application> applications(Plan plan) {
    List<Application> applications = new ArrayList<>();
    plan.monolith().url().ifPresent(url -> applications.add(application("monolith", url)));
    plan.service().url().ifPresent(url -> applications.add(application("service", url)));
    if (applications.isEmpty()) {
      throw new ParameterException(commandLine(), "%s names no url, neither monolith.url nor service.url: there is nobody to ask for copies."
          .formatted(plan.file()));
    }
    return applications;
  }

  private Application application(String name, URI url) {
    return new Application(name, url, authorization(System.getenv(AUTHORIZATION)), waiting());
  }

  /** A secret that was read from a file often ends in a line feed; what else cannot stand in a header is refused without telling it. */
  Optional<String> authorization(@Nullable String given) {
    String value = given == null ? "" : given.strip();
    if (!value.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      throw new ParameterException(commandLine(), AUTHORIZATION + " holds a character that cannot stand in a header, such as a line feed. "
          + "Set it to one line of printable ASCII.");
    }
    return Optional.of(value).filter(text -> !text.isEmpty());
  }

  private Duration waiting() {
    try {
      return Durations.parse(patience);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandLine(), "--patience: " + e.getMessage(), e);
    }
  }

  private void ask(Application application, DriftView view) throws InterruptedException {
    try {
      for (Copy copy : application.copies()) {
        if (view.isWanted(copy)) {
          ask(application, copy, view);
        }
      }
    } catch (NoAnswer e) {
      view.addProblem(e);
    }
  }

  /** What keeps one copy from being compared does not keep the others from being told of. */
  private void ask(Application application, Copy copy, DriftView view) throws InterruptedException {
    try {
      view.add(application.name(), copy, changed(application, copy));
    } catch (NoAnswer e) {
      view.add(application.name(), copy, copy);
      view.addProblem(e);
    }
  }

  private Copy changed(Application application, Copy copy) throws NoAnswer, InterruptedException {
    if (heal && !dryRun) {
      return application.heal(copy.name());
    }
    return compare ? application.compare(copy.name()) : copy;
  }
}
