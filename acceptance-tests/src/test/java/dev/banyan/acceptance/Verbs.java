package dev.banyan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.banyan.cli.Banyan;
import dev.banyan.demo.stage.Stage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;

/** The command line within this process, for what is asked again and again: a process of its own takes seconds to start. */
final class Verbs {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Verbs() {}

  /** Runs a verb to its end. */
  static Stage.Answer ask(String... arguments) throws IOException {
    StringWriter output = new StringWriter();
    int exitCode = Banyan.commandLine().setOut(new PrintWriter(output, true))
        .execute(Stream.concat(Stream.of(arguments), Stream.of("--json")).toArray(String[]::new));
    return new Stage.Answer(exitCode, JSON.readTree(output.toString()));
  }

  /** Runs a verb that is to be done, and returns its answer. */
  static JsonNode expectDone(String... arguments) throws IOException {
    Stage.Answer answer = ask(arguments);
    assertThat(answer.exitCode()).as("%s answered %s", String.join(" ", arguments), answer.json()).isZero();
    return answer.json();
  }
}
