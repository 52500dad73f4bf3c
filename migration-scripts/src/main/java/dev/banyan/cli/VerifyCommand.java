package dev.banyan.cli;

import dev.banyan.control.Intents.Kind;
import dev.banyan.move.mover.Workspace;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Command;

@Command(name = "verify", mixinStandardHelpOptions = true,
    description = "Compares every row of both sides at one position of the owner's log, and keeps a dated certificate.")
final class VerifyCommand extends IntentCommand {

  @Override
  int run(Workspace space, Output output) throws InterruptedException {
    return ask(space, output, Kind.VERIFY, Map.of());
  }

  @Override
  int answer(Map<String, Object> outcome, Output output) {
    boolean equal = Boolean.TRUE.equals(outcome.get("equal"));
    output.answer(outcome, text(outcome, equal));
    return equal ? DONE : REFUSED;
  }

  private static String text(Map<String, Object> outcome, boolean equal) {
    StringBuilder text = new StringBuilder();
    for (Object each : (List<?>) outcome.getOrDefault("tables", List.of())) {
      Map<?, ?> table = (Map<?, ?>) each;
      text.append("%-32s %,12d rows  %s%n".formatted(table.get("name"), ((Number) Objects.requireNonNull(table.get("rows"))).longValue(), verdict(table)));
      for (Object sample : (List<?>) Objects.requireNonNull(table.get("samples"))) {
        text.append("    ").append(sample).append('\n');
      }
    }
    return text + (equal ? "Equal" : "NOT equal") + " at position " + outcome.get("position") + ".";
  }

  private static String verdict(Map<?, ?> table) {
    String verdict = "%s different, %s missing, %s extra".formatted(table.get("different"), table.get("missing"), table.get("extra"));
    return verdict.equals("0 different, 0 missing, 0 extra") ? "equal" : verdict;
  }
}
