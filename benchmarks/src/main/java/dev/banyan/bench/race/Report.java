package dev.banyan.bench.race;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Collects results; prints them as a table and writes them as JSON. */
public final class Report {

  private final List<Measured> results = new ArrayList<>();
  private final PrintStream progress;
  private int failures;

  /** Creates a report that says on {@code progress} what goes on. */
  public Report(PrintStream progress) {
    this.progress = progress;
  }

  /** Tells what goes on. */
  public void say(String what) {
    progress.println(what + " …");
  }

  /** Adds a result. */
  public void add(Measured measured) {
    results.add(measured);
    progress.println(line(measured));
  }

  /** Adds a value that is compared with a bound, not with a contestant. */
  public void addBounded(String name, String unit, double value, double atMost) {
    addBounded(name, unit, List.of(value), atMost);
  }

  /** Adds values, one for each run, that are compared with a bound, not with a contestant. */
  public void addBounded(String name, String unit, List<Double> values, double atMost) {
    add(new Measured(name, unit, values, Optional.empty(), List.of(), "at most %s %s".formatted(number(atMost), unit),
        Measured.median(values) <= atMost));
  }

  /** Adds a line for what was not measured. */
  public void skip(String name, String reason) {
    progress.println("%s: not measured, %s".formatted(name, reason));
  }

  /** Adds a line for what failed. */
  public void failed(String name, Throwable failure) {
    failures++;
    progress.println("%s: failed, %s".formatted(name, failure));
  }

  /** Tells whether all that was wanted is met. */
  public boolean holds() {
    return failures == 0 && results.stream().allMatch(Measured::holds);
  }

  /** Prints the table, in Markdown. */
  public void print(PrintStream out) {
    out.println("| measure | unit | Banyan | against | theirs | ratio | wanted | met |");
    out.println("| --- | --- | ---: | --- | ---: | ---: | --- | --- |");
    results.forEach(result -> out.println(line(result)));
    out.printf("%nMedians. Machine: %s.%n", machine());
  }

  private static String line(Measured result) {
    return "| %s | %s | %s | %s | %s | %s | %s | %s |".formatted(result.name(), result.unit(), number(result.median()),
        result.against().orElse("–"), result.against().isPresent() ? number(result.otherMedian()) : "–",
        result.against().isPresent() ? String.format(Locale.ROOT, "%.2f", result.ratio()) : "–", result.wanted(), result.holds() ? "yes" : "no");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value >= 1000 ? "%,.0f" : "%.2f", value);
  }

  /** Writes the results as JSON, every run's value included. */
  public void write(Path file) throws IOException {
    List<Map<String, Object>> lines = results.stream().map(Report::fields).toList();
    Files.writeString(file, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(
        Map.of("at", Instant.now().toString(), "machine", machine(), "results", lines)));
  }

  private static Map<String, Object> fields(Measured result) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", result.name());
    fields.put("unit", result.unit());
    fields.put("median", result.median());
    fields.put("values", result.ours());
    result.against().ifPresent(against -> {
      fields.put("against", against);
      fields.put("otherMedian", result.otherMedian());
      fields.put("otherValues", result.theirs());
      fields.put("ratio", result.ratio());
    });
    fields.put("wanted", result.wanted());
    fields.put("met", result.holds());
    return fields;
  }

  private static String machine() {
    Runtime runtime = Runtime.getRuntime();
    return "%d processors, %s %s, Java %s, heap at most %d MB".formatted(runtime.availableProcessors(), System.getProperty("os.name"),
        System.getProperty("os.arch"), System.getProperty("java.version"), runtime.maxMemory() >> 20);
  }
}
