package dev.banyan.cli;

import dev.banyan.control.Differences.Difference;
import dev.banyan.control.Extraction;
import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Phase;
import dev.banyan.move.mover.Refused;
import dev.banyan.move.mover.Workspace;
import dev.banyan.move.plan.Plan;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "verify", mixinStandardHelpOptions = true,
    description = "Compares both sides at one position of the owner's log, and keeps a dated certificate for each table. "
        + "Without options it compares every row.")
final class VerifyCommand extends IntentCommand {

  private static final int READ_AT_ONCE = 10;
  private static final int MOST_SHOWN = 100;

  @Option(names = "--changed", description = "Compare only the rows that have changed since the certificate.")
  private boolean changed;

  @Option(names = "--table", paramLabel = "NAME", description = "Compare this table only, by its name in the monolith; may be repeated.")
  private List<String> tables = new ArrayList<>();

  @Option(names = "--show-values", description = "Print keys and values of the rows that differ; without this, they are masked.")
  private boolean showValues;

  @Option(names = "--repair-script", paramLabel = "FILE",
      description = "Write the SQL that makes the follower's rows equal to the owner's; the file holds data and is readable by you alone.")
  private @Nullable Path repairScript;

  @Option(names = "--repair", description = "Make the follower's rows that differ equal to the owner's, and compare them again. "
      + "Without this, nothing is changed.")
  private boolean repair;

  @Option(names = "--dry-run", description = "Print the steps; compare nothing and change nothing.")
  private boolean dryRun;

  @Override
  int run(Workspace space, Output output) throws InterruptedException, IOException {
    if (dryRun) {
      return dryRun(space, output);
    }
    if (repairScript == null) {
      return verify(space, output, null);
    }
    // Created first: a verification may take hours, and a file that cannot be written should be known before.
    try (RepairScript script = RepairScript.create(repairScript)) {
      return verify(space, output, script);
    } catch (FileAlreadyExistsException e) {
      throw new Refused("%s is there already. Name another file for the repair script.".formatted(repairScript));
    }
  }

  private int dryRun(Workspace space, Output output) {
    Extraction extraction = requirePhase(space, "Verification", Phase::isFollowing, "a phase from IN_SYNC to WRITES_SWITCHED");
    List<String> steps = Steps.ofVerify(tables.isEmpty() ? sources(space.plan()) : tables, changed, extraction.owner(),
        Optional.ofNullable(repairScript), repair);
    output.answer(Map.of("steps", steps), Steps.text(steps));
    return DONE;
  }

  private static List<String> sources(Plan plan) {
    return plan.tables().stream().map(table -> table.source().toString()).toList();
  }

  private int verify(Workspace space, Output output, @Nullable RepairScript script) throws InterruptedException, IOException {
    boolean details = showValues || script != null;
    try {
      Map<String, Object> outcome = outcome(space, output, Kind.VERIFY,
          Map.of("changed", changed, "tables", tables, "repair", repair, "details", details));
      if (details) {
        tellDetails(space, output, outcome, script);
      }
      boolean equal = Boolean.TRUE.equals(outcome.get("equal"));
      output.answer(outcome, text(outcome, equal));
      return equal ? DONE : REFUSED;
    } finally {
      if (details) {
        space.differences().forget(space.module());
      }
    }
  }

  private void tellDetails(Workspace space, Output output, Map<String, Object> outcome, @Nullable RepairScript script) throws IOException {
    if (script != null) {
      script.begin(space.module(), space.control().get(space.module()).owner().other(), String.valueOf(outcome.get("position")));
    }
    List<String> shown = new ArrayList<>();
    for (int read = 0; ; ) {
      List<Difference> some = space.differences().after(space.module(), read, READ_AT_ONCE);
      for (Difference difference : some) {
        tell(difference, output, shown, script);
      }
      read += some.size();
      if (some.isEmpty()) {
        break;
      }
    }
    if (showValues) {
      outcome.put("values", shown);
    }
    if (script != null) {
      script.end();
    }
  }

  private void tell(Difference difference, Output output, List<String> shown, @Nullable RepairScript script) throws IOException {
    if (showValues && shown.size() < MOST_SHOWN) {
      shown.add(difference.shown());
      output.say(difference.shown());
    }
    if (script != null) {
      script.add(difference);
    }
  }

  private static String text(Map<String, Object> outcome, boolean equal) {
    StringBuilder text = new StringBuilder();
    boolean changedOnly = "changed".equals(outcome.get("compared"));
    for (Object each : (List<?>) outcome.getOrDefault("tables", List.of())) {
      Map<?, ?> table = (Map<?, ?>) each;
      text.append("%-32s %,12d %s  %s%n".formatted(table.get("name"), ((Number) Objects.requireNonNull(table.get("rows"))).longValue(),
          changedOnly ? "changed" : "rows", verdict(table)));
      for (Object sample : (List<?>) Objects.requireNonNull(table.get("samples"))) {
        text.append("    ").append(sample).append('\n');
      }
    }
    if (outcome.get("repaired") instanceof Map<?, ?> repaired) {
      text.append("Repaired %s rows and compared them again.%n".formatted(repaired.get("rows")));
    }
    return text + (equal ? "Equal" : "NOT equal") + " at position " + outcome.get("position") + ".";
  }

  private static String verdict(Map<?, ?> table) {
    String verdict = "%s different, %s missing, %s extra".formatted(table.get("different"), table.get("missing"), table.get("extra"));
    return verdict.equals("0 different, 0 missing, 0 extra") ? "equal" : verdict;
  }
}
