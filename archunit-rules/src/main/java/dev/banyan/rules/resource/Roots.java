package dev.banyan.rules.resource;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

/** The places that classes lie in: directories, jars, and executable jars of Spring Boot. */
public final class Roots {

  /** What is done with the folder that packages begin in. */
  @FunctionalInterface
  interface Action {

    void on(Path root) throws IOException;
  }

  private static final String CLASSES_OF_BOOT = "/BOOT-INF/classes";

  private Roots() {}

  static void in(Path place, Action action) throws IOException {
    if (Files.isDirectory(place)) {
      action.on(place);
    } else if (Files.isRegularFile(place)) {
      try (FileSystem jar = FileSystems.newFileSystem(place)) {
        Path boot = jar.getPath(CLASSES_OF_BOOT);
        action.on(Files.isDirectory(boot) ? boot : jar.getPath("/"));
      }
    } else {
      throw new NoSuchFileException(place.toString());
    }
  }

  /**
   * Returns the names of the classes in a directory or jar.
   *
   * @throws IOException if it is neither
   */
  public static Set<String> classesIn(Path place) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    in(place, root -> {
      try (Stream<Path> files = Files.walk(root)) {
        files.map(file -> root.relativize(file).toString().replace('\\', '/')).filter(file -> file.endsWith(".class"))
            .forEach(file -> names.add(file.substring(0, file.length() - ".class".length()).replace('/', '.')));
      }
    });
    return names;
  }
}
