package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The verbs around {@code schema-ownership.yml}: a first draft, roles, borders. */
class OwnershipCommandTests {

  static class Writing {
    String sql() {
      return "insert into moves.step (id) values (?)";
    }
  }

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir
  private Path folder;

  private String classes = "";

  @BeforeEach
  void copyAClass() throws Exception {
    String file = Writing.class.getName().replace('.', '/') + ".class";
    Path copy = folder.resolve("classes").resolve(file);
    Files.createDirectories(copy.getParent());
    try (InputStream stream = Objects.requireNonNull(Writing.class.getClassLoader().getResourceAsStream(file))) {
      Files.write(copy, stream.readAllBytes());
    }
    Files.createDirectories(folder.resolve("classes/dev/banyan/other"));
    classes = folder.resolve("classes").toString();
  }

  @Test
  void draftsAFileOnceAndLeavesItAloneThen() throws Exception {
    Path file = folder.resolve("schema-ownership.yml");

    assertThat(execute("ownership", "init", "--classes", classes, "--output", file.toString())).isZero();
    assertThat(file).content().contains("schemas: [moves]");
    assertThat(execute("ownership", "init", "--classes", classes, "--output", file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("is there already. Move it away, or name another file.");
  }

  @Test
  void tellsThatADatabaseDoesNotAnswer() {
    assertThat(execute("ownership", "init", "--classes", classes, "--database", "jdbc:postgresql://localhost:1/none")).isEqualTo(2);
    assertThat(execute("ownership", "init", "--classes", classes, "--database", "localhost")).isEqualTo(2);
    assertThat(err.toString()).contains("The database's tables cannot be read: ", "Check --database, --user and the password, or leave them out.");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void printsRoles() throws Exception {
    Path file = Files.writeString(folder.resolve("o.yml"), "modules:\n  orders: { packages: [shop.orders], schemas: [orders] }\n");

    assertThat(execute("roles", "--ownership", file.toString())).isZero();
    assertThat(out.toString()).contains("create role \"orders\" nologin",
        "grant select, insert, update, delete on all tables in schema \"orders\" to \"orders\";");
    assertThat(execute("roles", "--ownership", folder.resolve("none.yml").toString())).isEqualTo(2);
  }

  @Test
  void suggestsBordersForPrograms() throws Exception {
    assertThat(execute("rules", "suggest", "--classes", classes, "--json")).isZero();

    assertThat(new ObjectMapper().readTree(out.toString()).at("/modules/0/tables/0").asText()).isEqualTo("moves.step");
  }

  private int execute(String... arguments) {
    CommandLine commandLine = Banyan.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }
}
