package dev.banyan.rules.migration;

import dev.banyan.rules.sql.Statements;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A script of SQL migrations. */
public record Script(Path file, String text) {

  /**
   * Returns the scripts below the folders, in the order of their names.
   *
   * @throws UncheckedIOException if one cannot be read
   */
  public static List<Script> below(Path... folders) {
    List<Script> scripts = new ArrayList<>();
    for (Path folder : folders) {
      try (Stream<Path> files = Files.walk(folder)) {
        files.filter(file -> file.toString().endsWith(".sql")).sorted().forEach(file -> scripts.add(read(file)));
      } catch (IOException e) {
        throw new UncheckedIOException("Migrations below " + folder + " cannot be read", e);
      }
    }
    return scripts;
  }

  private static Script read(Path file) {
    try {
      return new Script(file, Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException("Migration " + file + " cannot be read", e);
    }
  }

  /** Returns the folders the script is in, the nearest first; one of them names its module. */
  public List<String> folders() {
    List<String> folders = new ArrayList<>();
    for (Path folder = file.getParent(); folder != null && folder.getFileName() != null; folder = folder.getParent()) {
      folders.add(folder.getFileName().toString());
    }
    return folders;
  }

  /** Returns the statements. */
  public List<Statements.Statement> statements() {
    return Statements.of(text);
  }
}
