package dev.banyan.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.banyan.rules.SchemaScan;
import dev.banyan.rules.report.HtmlPage;
import dev.banyan.rules.report.Sarif;
import dev.banyan.rules.report.ScanReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "scan", mixinStandardHelpOptions = true,
    description = "Reads the SQL and the mappings of compiled classes, of the files beside them, and of a database's catalog. "
        + "Exit code 1 where a module touches tables of another one.")
final class RulesScanCommand implements Callable<Integer> {

  @Mixin
  private CodeOptions code = new CodeOptions();

  @Mixin
  private DatabaseOptions database = new DatabaseOptions();

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  @Option(names = "--sarif", paramLabel = "FILE", description = "Write the findings for code hosts as well.")
  private @Nullable Path sarif;

  @Option(names = "--html", paramLabel = "FILE", description = "Write a page for people as well.")
  private @Nullable Path html;

  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    List<String> problems = new ArrayList<>(code.problems());
    Stream.of(sarif, html).filter(Objects::nonNull).filter(file -> !canBeWritten(file)).forEach(file -> problems.add(
        "%s cannot be written. Name a file in a folder that is there.".formatted(file)));
    Output output = new Output(spec.commandLine().getOut(), json);
    if (!problems.isEmpty()) {
      return wrong(output, problems);
    }
    SchemaScan scan;
    try {
      scan = code.scan();
    } catch (IllegalArgumentException e) {
      return wrong(output, String.valueOf(e.getMessage()).lines().toList());
    }
    try {
      database.database().ifPresent(scan::ask);
    } catch (IllegalStateException | IllegalArgumentException e) {
      return wrong(output, List.of(e.getMessage() + " Check --database, --user and the password, or leave them out."));
    }
    write(scan);
    output.answer(ScanReport.json(scan), ScanReport.text(scan));
    return scan.violations().isEmpty() ? PlanCommand.DONE : PlanCommand.REFUSED;
  }

  private static boolean canBeWritten(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder != null && Files.isDirectory(folder) && !Files.isDirectory(file);
  }

  private int wrong(Output output, List<String> problems) {
    if (json) {
      output.answer(Map.of("error", "the scan cannot be made", "problems", problems), "");
    } else {
      problems.forEach(spec.commandLine().getErr()::println);
    }
    return Banyan.WRONG;
  }

  private void write(SchemaScan scan) throws IOException {
    if (sarif != null) {
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(sarif.toFile(), Sarif.of(scan, code.sources()));
    }
    if (html != null) {
      Files.writeString(html, HtmlPage.of(scan));
    }
  }
}
