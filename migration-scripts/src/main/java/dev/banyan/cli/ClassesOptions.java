package dev.banyan.cli;

import dev.banyan.rules.report.SourceRoots;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The options that name the code to read. */
class ClassesOptions {

  @Option(names = "--classes", paramLabel = "DIR", required = true, description = "Directory of classes, a jar or a war; may be repeated.")
  private List<Path> classes = new ArrayList<>();

  @Option(names = "--migrations", paramLabel = "DIR", description = "Directory of migrations that do not lie beside the classes; may be repeated.")
  private List<Path> migrations = new ArrayList<>();

  Path[] places() {
    return Stream.concat(classes.stream(), migrations.stream()).toArray(Path[]::new);
  }

  /** Returns where a checkout that this runs in has the sources. */
  SourceRoots sources() {
    return SourceRoots.of(Path.of(""), classes);
  }

  List<String> problems() {
    List<String> problems = new ArrayList<>();
    classes.stream().filter(place -> !Files.isDirectory(place) && !isJar(place)).forEach(place -> problems.add(
        "%s is neither a directory nor a jar or war. Name one that holds compiled classes, such as target/classes.".formatted(place)));
    migrations.stream().filter(place -> !Files.isDirectory(place)).forEach(place -> problems.add(
        "%s is no directory. Name one that holds migrations, such as src/main/resources/db.".formatted(place)));
    return problems;
  }

  private static boolean isJar(Path file) {
    return Files.isRegularFile(file) && file.toString().matches(".*\\.[jw]ar");
  }
}
