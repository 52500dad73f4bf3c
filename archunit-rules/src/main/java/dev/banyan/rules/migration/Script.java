package dev.banyan.rules.migration;

import dev.banyan.rules.resource.Resources;
import dev.banyan.rules.sql.OwnTables;
import dev.banyan.rules.sql.Reading;
import dev.banyan.rules.sql.SqlReader;
import dev.banyan.rules.sql.Statements;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A migration: a script of SQL, or a Liquibase changelog in XML, YAML, JSON or formatted SQL.
 *
 * @param path where it lies, with slashes
 * @param text what it holds
 */
public record Script(String path, String text) {

  private static final Pattern SQL_FILE = Pattern.compile("\\b(?:sqlFile|createView|createProcedure)\\b[^>]*?\\bpath\\b[\"']?\\s*[=:]\\s*[\"']?(?:classpath:)?/?([\\w./-]+\\.sql)");
  private static final Pattern MIGRATION = Pattern.compile("(?:[VUB]\\d[\\w.]*|R)__.*");
  /** What {@code COPY … FROM STDIN} reads stands behind it in the script, up to a line with a backslash and a dot. */
  private static final Pattern COPIED_ROWS = Pattern.compile("(?ims)(^[ \\t]*copy\\s[^;]*\\bfrom\\s+stdin\\b[^;]*;)(.*?)^\\\\\\.[ \\t]*$");

  /**
   * Returns the migrations below the folders, in the order of their names.
   *
   * @throws UncheckedIOException if one cannot be read
   */
  public static List<Script> below(Path... folders) {
    List<Script> scripts = new ArrayList<>();
    for (Path folder : folders) {
      try (Stream<Path> files = Files.walk(folder)) {
        files.filter(file -> file.toString().matches("(?i).*\\.(sql|xml|ya?ml|json)")).sorted().map(Script::read)
            .filter(Script::isMeant).forEach(scripts::add);
      } catch (IOException e) {
        throw new UncheckedIOException("Migrations below " + folder + " cannot be read", e);
      }
    }
    return scripts;
  }

  private static Script read(Path file) {
    try {
      return new Script(file.toString().replace('\\', '/'), Resources.text(file));
    } catch (IOException e) {
      throw new UncheckedIOException("Migration " + file + " cannot be read", e);
    }
  }

  /** Tells whether it is a migration at all: of the files that are no SQL, a changelog. */
  public boolean isMeant() {
    return path.matches("(?i).*\\.(sql|stg)") || ChangeLog.isMeant(path, text);
  }

  /** Tells whether it is one of Liquibase's changelogs, formatted SQL included. */
  boolean isChangeLog() {
    return ChangeLog.isMeant(path, text) || FormattedSql.isMeant(text);
  }

  /** Returns the elements of a changelog that is written in XML, YAML or JSON. */
  Optional<Change> root() {
    return ChangeLog.isMeant(path, text) ? ChangeLog.root(path, text) : Optional.empty();
  }

  /** Tells whether code sends what it holds: a template does, and a script among the classes that no migration is called like. */
  public boolean isOfCode(boolean amongClasses) {
    return path.endsWith(".stg") || amongClasses && path.matches("(?i).*\\.sql") && !MIGRATION.matcher(name()).matches() && !FormattedSql.isMeant(text);
  }

  /** Returns the paths of the scripts that a changelog runs: {@code <sqlFile path="x.sql"/>}, in any of its forms. */
  public List<String> loaded() {
    return ChangeLog.isMeant(path, text) ? SQL_FILE.matcher(text).results().map(match -> match.group(1)).toList() : List.of();
  }

  /** Returns the name of the file. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Returns the folders it is in, the nearest first; one of them names its module. */
  public List<String> folders() {
    List<String> folders = new ArrayList<>();
    for (String folder : path.split("/")) {
      folders.add(0, folder);
    }
    folders.remove(0);
    return folders;
  }

  /**
   * Returns what it does, in order; nothing if it cannot be read.
   *
   * @param home the schema of names without one, until the script says otherwise
   */
  public Optional<List<Step>> steps(Optional<String> home) {
    return ChangeLog.isMeant(path, text) ? ChangeLog.read(path, text, home) : Optional.of(statements(home));
  }

  private List<Step> statements(Optional<String> home) {
    String sql = home.map(schema -> text.replace("${flyway:defaultSchema}", schema)).orElse(text);
    Optional<String> searchPath = home;
    List<Step> steps = new ArrayList<>();
    Set<String> own = OwnTables.temporaryIn(sql);
    for (Statements.Statement statement : Statements.of(withoutRows(FormattedSql.unwrapped(sql)))) {
      Reading reading = SqlReader.readStatement(statement.sql(), searchPath, own);
      searchPath = reading.searchPath().filter(schema -> !schema.isEmpty()).or(() -> home);
      steps.add(new Step(statement.sql(), statement.line(), reading));
    }
    return steps;
  }

  /** Lines stay where they are. */
  private static String withoutRows(String sql) {
    return COPIED_ROWS.matcher(sql).replaceAll(copy -> Matcher.quoteReplacement(copy.group(1) + copy.group(2).replaceAll("[^\\n]", "")));
  }
}
