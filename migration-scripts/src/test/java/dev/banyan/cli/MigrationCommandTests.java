package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MigrationCommandTests {

  @TempDir
  private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path plan = Path.of("");

  @BeforeEach
  void writePlan() throws IOException {
    // Nobody listens there: the migration is made of the plan alone.
    plan = Files.writeString(folder.resolve("users.yml"), """
        module: users
        monolith: { database: { url: "jdbc:postgresql://127.0.0.1:1/shop", user: banyan, password: secret } }
        service: { database: { url: "jdbc:postgresql://127.0.0.1:1/users", user: banyan, password: secret } }
        tables: [users.account, { from: public.address, to: users.address }]
        """);
  }

  @Test
  void printsTheMigration() {
    assertThat(execute("migration", plan.toString())).isZero();
    assertThat(out.toString()).startsWith("-- Module 'users' has left for a service of its own.")
        .contains("array['\"users\".\"account\"', '\"public\".\"address\"']", "schemas constant text[] := array['users'];").doesNotContain("secret");
  }

  @Test
  void writesItOnce() throws IOException {
    Path file = folder.resolve("V3__users_moved_out.sql");
    assertThat(execute("migration", plan.toString(), "--out", file.toString())).isZero();
    String written = Files.readString(file);
    assertThat(written).endsWith("$banyan$;\n");

    assertThat(execute("migration", plan.toString(), "--out", file.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("V3__users_moved_out.sql is there already; a migration that has been applied must not change.");
    assertThat(file).hasContent(written);
  }

  @Test
  void answersPrograms() throws IOException {
    assertThat(execute("migration", plan.toString(), "--json")).isZero();
    assertThat(new ObjectMapper().readTree(out.toString()).path("sql").asText()).contains("do $banyan$");
  }

  private int execute(String... arguments) {
    CommandLine commandLine = Banyan.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }
}
