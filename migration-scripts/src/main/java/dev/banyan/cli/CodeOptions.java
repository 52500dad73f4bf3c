package dev.banyan.cli;

import dev.banyan.rules.SchemaOwnership;
import dev.banyan.rules.SchemaScan;
import dev.banyan.rules.report.SourceRoots;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import picocli.CommandLine.Option;

/** The options that name the code of the monolith, and who owns its tables. */
final class CodeOptions extends ClassesOptions {

  @Option(names = "--ownership", paramLabel = "FILE", required = true,
      description = "Who owns which tables, a YAML file; `banyan ownership init` drafts one.")
  private Path ownership = Path.of("");

  @Override
  List<String> problems() {
    List<String> problems = new ArrayList<>(super.problems());
    if (!Files.isReadable(ownership)) {
      problems.add("%s cannot be read. Name the file that says who owns which tables.".formatted(ownership));
    }
    return problems;
  }

  @Override
  SourceRoots sources() {
    return super.sources().withOwnership(ownership);
  }

  /**
   * Reads the code and its migrations.
   *
   * @throws IllegalArgumentException if the ownership says something wrong
   */
  SchemaScan scan() {
    return SchemaScan.of(SchemaOwnership.load(ownership.toString()), places());
  }

  /**
   * Reads the code, its migrations and a database's catalog as they look when a module leaves with these tables.
   *
   * @throws IllegalArgumentException if the ownership says something wrong, or does not know the module
   */
  SchemaScan scan(String module, Collection<String> tables, DataSource database) {
    SchemaScan scan = SchemaScan.of(SchemaOwnership.load(ownership.toString()).moving(module, tables), places());
    scan.ask(database);
    return scan;
  }
}
