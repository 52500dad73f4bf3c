package dev.banyan.rules.resource;

import dev.banyan.rules.bytecode.ClassFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.ZipException;

/** Classes and the files beside them. */
public final class Resources {

  /**
   * A text file.
   *
   * @param path below its directory, with slashes
   * @param text what it holds
   */
  public record TextFile(String path, String text) {}

  /** Larger ones are data, not queries. */
  private static final long LARGEST_PROPERTIES = 1_000_000;

  private final List<ClassFile> classes = new ArrayList<>();
  private final List<TextFile> texts = new ArrayList<>();
  private final List<TextFile> properties = new ArrayList<>();

  private final boolean withClasses;
  private final Predicate<String> isOfApplication;

  private Resources(boolean withClasses, Predicate<String> isOfApplication) {
    this.withClasses = withClasses;
    this.isOfApplication = isOfApplication;
  }

  /**
   * Reads what is below directories and in jars, in the order of names.
   *
   * @param isOfApplication tells of a class in a jar within a jar whether that one is the application's, and no library
   * @throws IllegalArgumentException if a class file or jar is none, or is newer than this library
   * @throws UncheckedIOException if a file cannot be read
   */
  public static Resources below(Predicate<String> isOfApplication, Path... directories) {
    return below(new Resources(true, isOfApplication), directories);
  }

  /**
   * Reads the files beside classes that are known already.
   *
   * @throws UncheckedIOException if a file cannot be read
   */
  public static Resources besideClasses(Path... directories) {
    return below(new Resources(false, name -> false), directories);
  }

  private static Resources below(Resources resources, Path... directories) {
    for (Path directory : directories) {
      try {
        Roots.in(directory, resources.isOfApplication, resources::below);
      } catch (ZipException | ProviderNotFoundException e) {
        throw new IllegalArgumentException("%s is no jar that can be read: %s. Build it again.".formatted(directory, e.getMessage()), e);
      } catch (IOException e) {
        throw new UncheckedIOException("Classes below " + directory + " cannot be read", e);
      }
    }
    return resources;
  }

  private void below(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        read(root, file);
      }
    }
  }

  private void read(Path directory, Path file) throws IOException {
    String path = directory.relativize(file).toString().replace('\\', '/');
    if (path.endsWith(".class")) {
      readClass(path, file);
    } else if (path.matches("(?i).*\\.(xml|sql|stg|ya?ml|json)")) {
      texts.add(new TextFile(path, text(file)));
    } else if (path.endsWith(".properties") && Files.size(file) < LARGEST_PROPERTIES) {
      properties.add(new TextFile(path, text(file)));
    }
  }

  private void readClass(String path, Path file) throws IOException {
    if (withClasses && !path.endsWith("module-info.class")) {
      classes.add(readable(file));
    }
  }

  /** A class that is left out would be one without violations. ASM refuses a broken one with whatever it stumbles over. */
  private static ClassFile readable(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    try {
      return ClassFile.read(bytes);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("%s is no class file that can be read (%s). Compile it again, for a Java that this library knows."
          .formatted(file, e.getMessage()), e);
    }
  }

  /**
   * Reads a file of text in UTF-8, or where it is none, as old scripts are, in ISO 8859-1, which any bytes are. Names of tables
   * are the same in both. UTF-16 is known by its mark: Windows' tools write scripts in it.
   *
   * @throws IOException if it cannot be read
   */
  public static String text(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    if (isUtf16(bytes)) {
      return new String(bytes, StandardCharsets.UTF_16);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notUtf8) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  private static boolean isUtf16(byte[] bytes) {
    return bytes.length > 1 && (bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xfe || bytes[0] == (byte) 0xfe && bytes[1] == (byte) 0xff);
  }

  /** Returns the classes. */
  public List<ClassFile> classes() {
    return List.copyOf(classes);
  }

  /** Returns the properties files, of which few hold statements. */
  public List<TextFile> properties() {
    return List.copyOf(properties);
  }

  /** Returns the files that may hold statements: XML, YAML, JSON, SQL and StringTemplate. */
  public List<TextFile> texts() {
    return List.copyOf(texts);
  }
}
