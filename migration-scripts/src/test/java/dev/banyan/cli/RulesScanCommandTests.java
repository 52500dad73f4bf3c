package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RulesScanCommandTests {

  static class Crossing {
    String sql() {
      return "select name from users.account where id = ?";
    }

    String hole(String table) {
      return "select * from " + table;
    }
  }

  static class Tidy {
    String sql() {
      return "select id from orders.item";
    }
  }

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir
  private Path folder;

  private Path ownership;

  @BeforeEach
  void writeOwnership() throws IOException {
    ownership = Files.writeString(folder.resolve("schema-ownership.yml"), """
        modules:
          orders: { packages: [dev.banyan.cli], schemas: [orders] }
          users: { packages: [shop.users], schemas: [users] }
        """);
  }

  @Test
  void answersForProgramsAndEndsWithOne() throws Exception {
    assertThat(scan(Crossing.class, "--json")).isEqualTo(1);

    JsonNode answer = new ObjectMapper().readTree(out.toString());
    JsonNode violation = answer.get("violations").get(0);
    assertThat(answer.get("violations")).hasSize(1);
    assertThat(violation.get("module").asText()).isEqualTo("orders");
    assertThat(violation.get("owner").asText()).isEqualTo("users");
    assertThat(violation.get("table").asText()).isEqualTo("users.account");
    assertThat(violation.get("access").asText()).isEqualTo("read");
    assertThat(violation.get("kind").asText()).isEqualTo("sql");
    assertThat(violation.get("location").asText()).isEqualTo(Crossing.class.getName() + ", method sql()");
    assertThat(violation.get("line").asInt()).isEqualTo(25);
    assertThat(violation.get("statement").asText()).isEqualTo("select name from users.account where id = ?");
    assertThat(answer.get("unknown").get(0).get("reason").asText()).isEqualTo("a table's name is put in at run time");
    assertThat(answer.get("coverage").toString()).isEqualTo("{\"statements\":2,\"understood\":1,\"partly\":0,\"unknown\":1}");
  }

  @Test
  void endsWithZeroWhereNothingCrosses() throws Exception {
    assertThat(scan(Tidy.class)).isZero();

    assertThat(out.toString().strip()).isEqualTo(
        "No module touches another one's tables. 1 statements read: 1 understood, 0 in part, 0 not at all.");
  }

  @Test
  void writesFilesForCodeHostsAndPeople() throws Exception {
    Path sarif = folder.resolve("rules.sarif");
    Path html = folder.resolve("rules.html");

    assertThat(scan(Crossing.class, "--sarif", sarif.toString(), "--html", html.toString())).isEqualTo(1);

    assertThat(new ObjectMapper().readTree(sarif.toFile()).at("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri").asText())
        .isEqualTo("dev/banyan/cli/RulesScanCommandTests.java");
    assertThat(html).content().contains("<h1>Who touches whose tables</h1>", "users.account");
  }

  @Test
  void readsTheClassesOfAWar() throws Exception {
    Path war = folder.resolve("shop.war");
    String file = Crossing.class.getName().replace('.', '/') + ".class";
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(war)); InputStream bytes = Crossing.class.getResourceAsStream("/" + file)) {
      zip.putNextEntry(new ZipEntry("WEB-INF/classes/" + file));
      zip.write(bytes.readAllBytes());
    }

    assertThat(execute("rules", "scan", "--classes", war.toString(), "--ownership", ownership.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("users.account");
  }

  @Test
  void refusesWhatItCannotRead() throws Exception {
    assertThat(execute("rules", "scan", "--classes", folder.resolve("none").toString(), "--ownership", folder.resolve("none.yml").toString()))
        .isEqualTo(2);
    assertThat(err.toString()).contains("none is neither a directory nor a jar or war. Name one that holds compiled classes, such as target/classes.",
        "none.yml cannot be read. Name the file that says who owns which tables.");
  }

  /** Before anything is read: a page that cannot be written would take what the scan has found along. */
  @Test
  void refusesAFileThatCannotBeWritten() throws Exception {
    assertThat(scan(Crossing.class, "--html", folder.resolve("none/page.html").toString(), "--sarif", folder.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("none/page.html cannot be written. Name a file in a folder that is there.", folder + " cannot be written.");
  }

  @Test
  void tellsThatADatabaseDoesNotAnswer() throws Exception {
    assertThat(scan(Tidy.class, "--database", "jdbc:postgresql://localhost:1/none", "--user", "nobody")).isEqualTo(2);
    assertThat(scan(Tidy.class, "--database", "localhost")).isEqualTo(2);
    assertThat(err.toString()).contains("The database's catalog cannot be read: ", "localhost", "Check --database, --user and the password, or leave them out.");
  }

  @Test
  void tellsWhatIsWrongWithTheOwnership() throws Exception {
    Files.writeString(ownership, "modules:\n  orders: { package: [shop] }\n");

    assertThat(scan(Tidy.class)).isEqualTo(2);
    assertThat(err.toString()).contains("line 2: unknown key 'package'; known are packages, classes, schemas, tables, default-schema");
  }

  /** Left out, a class that cannot be read would be one without violations. */
  @Test
  void namesTheClassFileOrJarThatIsBroken() throws Exception {
    Path broken = Files.write(Files.createDirectories(folder.resolve("classes")).resolve("Broken.class"), new byte[] {1, 2, 3});
    Path jar = Files.createFile(folder.resolve("empty.jar"));

    assertThat(scan(Tidy.class)).isEqualTo(2);
    for (String[] verb : new String[][] {{"rules", "suggest"}, {"ownership", "init"}}) {
      assertThat(execute(verb[0], verb[1], "--classes", broken.getParent().toString())).isEqualTo(2);
    }
    assertThat(execute("rules", "scan", "--classes", jar.toString(), "--ownership", ownership.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("Broken.class is no class file that can be read", "empty.jar is no jar that can be read")
        .doesNotContain("Unexpected failure");
  }

  @Test
  void tellsThatTheOwnershipIsNoText() throws Exception {
    Files.write(ownership, new byte[] {'m', (byte) 0xff, (byte) 0xfe});

    assertThat(scan(Tidy.class)).isEqualTo(2);
    assertThat(err.toString()).contains("schema-ownership.yml: is no text in UTF-8");
  }

  private int scan(Class<?> type, String... options) throws IOException {
    Path classes = Files.createDirectories(folder.resolve("classes"));
    String file = type.getName().replace('.', '/') + ".class";
    try (InputStream stream = Objects.requireNonNull(type.getClassLoader().getResourceAsStream(file))) {
      Files.createDirectories(classes.resolve(file).getParent());
      Files.write(classes.resolve(file), stream.readAllBytes());
    }
    String[] arguments = new String[options.length + 6];
    System.arraycopy(new String[] {"rules", "scan", "--classes", classes.toString(), "--ownership", ownership.toString()}, 0, arguments, 0, 6);
    System.arraycopy(options, 0, arguments, 6, options.length);
    return execute(arguments);
  }

  private int execute(String... arguments) {
    CommandLine commandLine = Banyan.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }
}
