package dev.banyan.bench.rules;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.banyan.bench.race.Measured;
import dev.banyan.bench.race.Report;
import dev.banyan.rules.SchemaOwnership;
import dev.banyan.rules.SchemaRules;
import dev.banyan.rules.SchemaScan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code banyan bench rules}. */
@Command(name = "rules", description = "Reading SQL out of a large code base of generated classes, beside ArchUnit's own import.",
    mixinStandardHelpOptions = true)
public final class RulesBench implements Callable<Integer> {

  private static final double MOST_MEGABYTES = 512;

  @Option(names = "--classes", defaultValue = "5000", description = "How many classes, of four statements each (default: ${DEFAULT-VALUE}).")
  private int classes;

  @Option(names = "--runs", defaultValue = "5", description = "How often each is run after the first time (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(names = "--json", description = "Also writes the results into this file.")
  private @Nullable Path json;

  private record Run(double importing, double reading) {}

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("banyan-bench-rules");
    try {
      return measure(folder);
    } finally {
      delete(folder);
    }
  }

  private int measure(Path folder) throws IOException {
    var report = new Report(System.err);
    var code = new GeneratedCode(folder, classes);
    code.write();
    SchemaOwnership ownership = SchemaOwnership.load(Files.writeString(folder.resolve("schema-ownership.yml"), GeneratedCode.ownership()).toString());
    ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
    LiveSet live = LiveSet.watched();

    Run cold = run(folder, ownership, code, report);
    add(report, "reading %,d statements of %,d classes, first run of a JVM".formatted(classes * GeneratedCode.STATEMENTS_PER_CLASS, classes), List.of(cold));
    List<Run> warm = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      warm.add(run(folder, ownership, code, report));
    }
    add(report, "the same, warmed up", warm);
    report.addBounded("heap at its fullest, both together, with garbage", "MB", peak(), MOST_MEGABYTES);
    report.addBounded("heap after full collections, at most", "MB", live.megabytes(), MOST_MEGABYTES);
    report.print(System.out);
    if (json != null) {
      report.write(json);
    }
    return report.holds() ? 0 : 1;
  }

  private static void add(Report report, String name, List<Run> runs) {
    List<Double> reading = runs.stream().map(Run::reading).toList();
    List<Double> importing = runs.stream().map(Run::importing).toList();
    Measured values = new Measured(name, "s", reading, Optional.of("ArchUnit's import of the same classes"), importing, "at most 1.0 times", true);
    report.add(new Measured(name, "s", reading, values.against(), importing, values.wanted(), values.ratio() <= 1));
  }

  private Run run(Path folder, SchemaOwnership ownership, GeneratedCode code, Report report) {
    long begin = System.nanoTime();
    JavaClasses imported = new ClassFileImporter().importPath(folder);
    long between = System.nanoTime();
    int found = SchemaRules.modulesTouchOnlyTheirOwnSchema(ownership).evaluate(imported).getFailureReport().getDetails().size();
    long end = System.nanoTime();
    if (found != code.crossings()) {
      report.failed("the rule", new IllegalStateException("it found %,d crossings of %,d".formatted(found, code.crossings())));
    }
    requireAllRead(imported, ownership, report);
    return new Run((between - begin) / 1e9, (end - between) / 1e9);
  }

  private void requireAllRead(JavaClasses imported, SchemaOwnership ownership, Report report) {
    int read = SchemaScan.of(imported, ownership).coverage().statements();
    if (read < classes * GeneratedCode.STATEMENTS_PER_CLASS) {
      report.failed("the scan", new IllegalStateException("it read %,d statements of %,d".formatted(read, classes * GeneratedCode.STATEMENTS_PER_CLASS)));
    }
  }

  private static double peak() {
    return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong(pool -> pool.getPeakUsage().getUsed()).sum() / 1048576.0;
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
