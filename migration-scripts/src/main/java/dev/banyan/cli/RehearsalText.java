package dev.banyan.cli;

import dev.banyan.move.check.Finding;
import dev.banyan.move.rehearsal.Figures;
import dev.banyan.move.rehearsal.RehearsalReport;
import dev.banyan.move.rehearsal.Turns;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A rehearsal's report for people. */
final class RehearsalText {

  private RehearsalText() {}

  static String of(RehearsalReport report) {
    StringBuilder text = new StringBuilder("\nRehearsal of module '%s', %,d rows: %s\n\n".formatted(report.module(), report.rows(), verdict(report)));
    pauses(text, report);
    load(text, report);
    text.append("  took      ").append(report.took().entrySet().stream()
        .map(part -> "%s %.1f s".formatted(part.getKey(), part.getValue().toMillis() / 1000.0)).collect(Collectors.joining(", "))).append('\n');
    text.append("  servers   ").append(report.servers()).append('\n');
    report.unmet().forEach(finding -> line(text, "refused", finding));
    report.warnings().forEach(finding -> line(text, "warning", finding));
    report.leftOut().forEach(object -> text.append("  left out  ").append(object).append('\n'));
    return text.append("Not in these figures: proxies and their round trip, and the way to the real servers.").toString();
  }

  private static String verdict(RehearsalReport report) {
    if (!report.switches().failures().isEmpty() || !report.rollbacks().failures().isEmpty()) {
      return "it did NOT go through.";
    }
    return "the longest pause was %.1f ms, max-pause %s %d ms.".formatted(report.longestMillis(),
        report.holds() ? "allows" : "allows ONLY", report.maxPause().toMillis());
  }

  private static void pauses(StringBuilder text, RehearsalReport report) {
    text.append("  %-18s %21s   %21s\n".formatted("ms", "switch", "rollback"));
    text.append("  %-18s %10s %10s   %10s %10s\n".formatted("", "median", "longest", "median", "longest"));
    row(text, "pause", report.switches().pause(), report.rollbacks().pause());
    Map<String, Figures> switches = report.switches().steps();
    Map<String, Figures> rollbacks = report.rollbacks().steps();
    Set<String> steps = new LinkedHashSet<>(switches.keySet());
    steps.addAll(rollbacks.keySet());
    Figures none = new Figures(0, 0);
    steps.forEach(step -> row(text, "  " + step, switches.getOrDefault(step, none), rollbacks.getOrDefault(step, none)));
    done(text, "switches", report.switches());
    done(text, "rollbacks", report.rollbacks());
  }

  private static void row(StringBuilder text, String name, Figures switches, Figures rollbacks) {
    text.append("  %-18s %10.1f %10.1f   %10.1f %10.1f\n".formatted(name, switches.median(), switches.longest(), rollbacks.median(), rollbacks.longest()));
  }

  private static void done(StringBuilder text, String name, Turns turns) {
    text.append("  %-9s %d done, %d failed\n".formatted(name, turns.count(), turns.failures().size()));
    turns.failures().forEach(reason -> text.append("    ").append(reason).append('\n'));
  }

  private static void load(StringBuilder text, RehearsalReport report) {
    Map<String, Object> load = report.load();
    Map<String, Object> writers = report.writers();
    text.append(String.format(Locale.ROOT, "  load      recorded %s writes/s in %s s (%s transactions/s in the whole database), replayed %s\n",
        load.get("recordedWritesPerSecond"), load.get("recordedSeconds"), load.get("recordedTransactionsPerSecond"),
        load.get("replayedWritesPerSecond")));
    text.append("  writers   longest gap %s ms, slowest write %s ms; %s written, %s refused by a fence and sent to the other side, %s failed%s\n".formatted(
        writers.get("longestGapMillis"), writers.get("slowestWriteMillis"), writers.get("written"), writers.get("refused"),
        writers.get("failed"), writers.containsKey("failure") ? ": " + writers.get("failure") : ""));
  }

  private static void line(StringBuilder text, String word, Finding finding) {
    text.append("  ").append(word).append("   ").append(finding).append('\n');
  }
}
