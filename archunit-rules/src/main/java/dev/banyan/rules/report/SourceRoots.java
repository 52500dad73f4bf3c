package dev.banyan.rules.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The folders that hold the sources of classes, and of the files beside them, in a checkout. */
public final class SourceRoots {

  private static final List<String> IN_A_MODULE = List.of("src/main/java", "src/main/kotlin", "src/main/resources",
      "src/test/java", "src/test/kotlin", "src/test/resources");

  private final Path checkout;
  private final List<Path> roots;
  private final Optional<String> ownership;

  private SourceRoots(Path checkout, List<Path> roots, Optional<String> ownership) {
    this.checkout = checkout;
    this.roots = roots;
    this.ownership = ownership;
  }

  /** Returns none: a path is that below a source folder. */
  public static SourceRoots none() {
    return new SourceRoots(Path.of(""), List.of(), Optional.empty());
  }

  /**
   * Returns those that Maven and Gradle would have compiled to these folders or packed into these jars.
   *
   * @param checkout the folder that paths are to begin in
   */
  public static SourceRoots of(Path checkout, Collection<Path> classes) {
    Path base = checkout.toAbsolutePath().normalize();
    return new SourceRoots(base, classes.stream().map(place -> place.toAbsolutePath().normalize()).flatMap(SourceRoots::modules)
        .flatMap(module -> IN_A_MODULE.stream().map(module::resolve)).filter(Files::isDirectory).distinct().toList(),
        Optional.empty());
  }

  /** Returns these, with the file that says who owns what; outside of the checkout it is none. */
  public SourceRoots withOwnership(Path file) {
    Path said = file.toAbsolutePath().normalize();
    return new SourceRoots(checkout, roots, Optional.of(said).filter(path -> path.startsWith(checkout)).map(this::relative));
  }

  /** From {@code target/classes} it is two folders up, from {@code build/classes/java/main} four. */
  private static Stream<Path> modules(Path classes) {
    return Stream.iterate(classes, path -> path != null, Path::getParent).limit(5);
  }

  /** Returns a path from the checkout's folder on, where the source is there, and the path as it is where not. */
  String locate(String path) {
    return roots.stream().map(root -> root.resolve(path)).filter(file -> file.startsWith(checkout) && Files.isRegularFile(file))
        .findFirst().map(this::relative).orElse(path);
  }

  /** Returns the path of the file that says who owns what, if it lies in the checkout. */
  Optional<String> ownership() {
    return ownership;
  }

  private String relative(Path file) {
    return checkout.relativize(file).toString().replace('\\', '/');
  }
}
