package dev.banyan.rules.resource;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The places that classes lie in: directories, jars, and executable jars and wars with the application's own jars in them. */
public final class Roots {

  /** What is done with the folder that packages begin in. */
  @FunctionalInterface
  interface Action {

    void on(Path root) throws IOException;
  }

  private static final List<String> CLASSES_WITHIN = List.of("/BOOT-INF/classes", "/WEB-INF/classes");
  private static final List<String> JARS_WITHIN = List.of("/BOOT-INF/lib", "/WEB-INF/lib");

  private Roots() {}

  /** The libraries of an executable jar are left out; a module's own jar is none. */
  static void in(Path place, Predicate<String> isOfApplication, Action action) throws IOException {
    if (Files.isDirectory(place)) {
      action.on(place);
    } else if (Files.isRegularFile(place)) {
      try (FileSystem jar = FileSystems.newFileSystem(place)) {
        action.on(CLASSES_WITHIN.stream().map(jar::getPath).filter(Files::isDirectory).findFirst().orElse(jar.getPath("/")));
        for (Path inner : jarsWithin(jar)) {
          within(inner, isOfApplication, action);
        }
      }
    } else {
      throw new NoSuchFileException(place.toString());
    }
  }

  private static List<Path> jarsWithin(FileSystem jar) throws IOException {
    List<Path> jars = new ArrayList<>();
    for (String folder : JARS_WITHIN) {
      if (Files.isDirectory(jar.getPath(folder))) {
        try (Stream<Path> files = Files.list(jar.getPath(folder))) {
          files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(jars::add);
        }
      }
    }
    return jars;
  }

  private static void within(Path jar, Predicate<String> isOfApplication, Action action) throws IOException {
    try (FileSystem inner = FileSystems.newFileSystem(jar)) {
      Path root = inner.getPath("/");
      if (classNames(root).stream().anyMatch(isOfApplication)) {
        action.on(root);
      }
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
    in(place, name -> true, root -> names.addAll(classNames(root)));
    return names;
  }

  private static Set<String> classNames(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.map(file -> root.relativize(file).toString().replace('\\', '/')).filter(file -> file.endsWith(".class"))
          .map(file -> file.substring(0, file.length() - ".class".length()).replace('/', '.')).collect(Collectors.toCollection(LinkedHashSet::new));
    }
  }
}
