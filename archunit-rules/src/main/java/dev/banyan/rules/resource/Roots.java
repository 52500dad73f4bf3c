package dev.banyan.rules.resource;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
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
   * Returns the folder or jar that packages begin in, of a class by where its file is, and the folder that Gradle puts the
   * resources of such classes in; none for a class of the JDK.
   */
  public static List<Path> of(URI classFile, String className) {
    String text = classFile.toString();
    if (text.startsWith("jar:file:") && text.contains("!/")) {
      return List.of(Path.of(URI.create(text.substring("jar:".length(), text.indexOf("!/")))));
    }
    Path inside = Path.of(className.replace('.', '/') + ".class");
    if (!text.startsWith("file:") || !Path.of(classFile).endsWith(inside)) {
      return List.of();
    }
    return withResources(Path.of(classFile).resolve("../".repeat(inside.getNameCount())).normalize());
  }

  /** Gradle compiles to {@code build/classes/java/main} and copies resources to {@code build/resources/main}. */
  private static List<Path> withResources(Path root) {
    int names = root.getNameCount();
    if (names < 4 || !root.getName(names - 3).toString().equals("classes")) {
      return List.of(root);
    }
    Path resources = root.resolve("../../../resources").resolve(root.getFileName()).normalize();
    return Files.isDirectory(resources) ? List.of(root, resources) : List.of(root);
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
