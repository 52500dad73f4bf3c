package dev.banyan.rules.migration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A script of SQL migrations. */
public record Script(Path file, String text) {

  /** A part of a script, with the line it begins in. */
  public record Statement(String sql, int line) {}

  /** What ends a statement, and what may hide a semicolon. */
  private static final Pattern STEP = Pattern.compile(
      "--[^\\n]*|/\\*.*?\\*/|(\\$(?:[\\p{L}_]\\w*)?\\$).*?\\1|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|(?<end>;)", Pattern.DOTALL);

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

  /** Returns the statements; a semicolon in a comment, a literal or a function body ends none. */
  public List<Statement> statements() {
    List<Statement> statements = new ArrayList<>();
    Matcher matcher = STEP.matcher(text);
    int from = 0;
    while (matcher.find()) {
      if (matcher.group("end") != null) {
        statements.add(statement(from, matcher.start()));
        from = matcher.end();
      }
    }
    statements.add(statement(from, text.length()));
    return statements.stream().filter(statement -> !statement.sql().isBlank()).toList();
  }

  private Statement statement(int from, int to) {
    int line = 1 + (int) text.substring(0, from).chars().filter(c -> c == '\n').count();
    return new Statement(text.substring(from, to), line);
  }
}
