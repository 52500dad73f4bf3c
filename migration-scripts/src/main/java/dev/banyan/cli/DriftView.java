package dev.banyan.cli;

import dev.banyan.move.drift.Copy;
import dev.banyan.move.drift.Copy.Verdict;
import dev.banyan.move.drift.NoAnswer;
import dev.banyan.move.plan.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the applications told of their copies, as {@code drift} answers it. The keys are documented in docs/drift.md and stay.
 */
final class DriftView {

  private final String module;
  private final String plan;
  private final boolean wouldHeal;
  private final List<Told> told = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  /** Creates the answer without any copies; {@code wouldHeal} is the dry run of healing. */
  DriftView(String module, String plan, boolean wouldHeal) {
    this.module = module;
    this.plan = plan;
    this.wouldHeal = wouldHeal;
  }

  /**
   * A copy, and who told of it.
   *
   * @param staleBefore how many values differed at the comparison before
   */
  private record Told(String application, Copy copy, long staleBefore) {}

  /** Tells whether a copy is the module's, or one of the module's data. */
  boolean isWanted(Copy copy) {
    return copy.concerns(module);
  }

  void add(String application, Copy before, Copy copy) {
    told.add(new Told(application, copy, before.stale()));
  }

  void addProblem(NoAnswer problem) {
    problems.add(problem.getMessage());
  }

  /** Tells whether every application told of its copies, and none of these has to be looked after. */
  boolean isGood(Instant now) {
    return allProblems().isEmpty() && told.stream().noneMatch(one -> one.copy().verdict(now).isBad());
  }

  private List<String> allProblems() {
    return told.isEmpty() && problems.isEmpty()
        ? List.of("Nobody declares a copy that module '%s' keeps, or one of its data. Declare them, or nobody will notice when they differ: docs/drift.md."
            .formatted(module))
        : problems;
  }

  Map<String, Object> json(Instant now) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("module", module);
    answer.put("good", isGood(now));
    answer.put("copies", told.stream().map(one -> json(one, now)).toList());
    answer.put("problems", allProblems());
    return answer;
  }

  private static Map<String, Object> json(Told one, Instant now) {
    Copy copy = one.copy();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("application", one.application());
    json.put("name", copy.name());
    json.put("owner", copy.owner());
    json.put("verdict", copy.verdict(now).name());
    json.put("stale", copy.stale());
    json.put("staleBefore", one.staleBefore());
    json.put("oldestSeconds", copy.oldest().toSeconds());
    json.put("allowedSeconds", copy.allowed().toSeconds());
    json.put("lagMillis", copy.lag().map(Duration::toMillis).orElse(null));
    json.put("keys", copy.keys());
    json.put("comparedAt", copy.comparedAt().map(Instant::toString).orElse(null));
    return json;
  }

  String text(Instant now) {
    List<String> lines = new ArrayList<>();
    told.forEach(one -> lines.add(line(one, now)));
    lines.addAll(allProblems());
    advice(now).ifPresent(lines::add);
    return String.join("\n", lines);
  }

  private String line(Told one, Instant now) {
    Copy copy = one.copy();
    return "%-8s %s, a copy of %s, kept by the %s: %s, allowed for %s; %s; %s.".formatted(copy.verdict(now), copy.name(), copy.owner(),
        one.application(), differing(one), Durations.text(copy.allowed()),
        copy.lag().map(lag -> "its events are %s behind".formatted(Durations.text(lag))).orElse("how far its events are behind is not known yet"),
        copy.comparedAt().map(at -> "compared %s ago".formatted(Durations.inFull(age(at, now)))).orElse("never compared"));
  }

  private String differing(Told one) {
    Copy copy = one.copy();
    String healed = one.staleBefore() > copy.stale() ? ", %d before".formatted(one.staleBefore()) : "";
    String would = wouldHeal && copy.stale() > 0 ? ", would be taken from their owner" : "";
    return copy.stale() == 0 ? "0 values differ" + healed
        : "%d value(s) differ%s%s, for up to %s, %s".formatted(copy.stale(), healed, would, Durations.inFull(copy.oldest()),
            copy.keys().isEmpty() ? "no keys told" : "such as " + String.join(", ", copy.keys()));
  }

  private Optional<String> advice(Instant now) {
    List<Verdict> verdicts = told.stream().map(one -> one.copy().verdict(now)).toList();
    if (verdicts.contains(Verdict.STALE)) {
      return Optional.of("Next: banyan drift %s --heal".formatted(plan));
    }
    return verdicts.contains(Verdict.UNKNOWN) ? Optional.of("Next: banyan drift %s --compare".formatted(plan)) : Optional.empty();
  }

  /** The clocks of two machines are never the same. */
  private static Duration age(Instant at, Instant now) {
    return at.isAfter(now) ? Duration.ZERO : Duration.between(at, now);
  }
}
