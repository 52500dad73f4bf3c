package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Phase;
import dev.banyan.move.TwoServers;
import dev.banyan.move.database.DatabaseAddress;
import dev.banyan.move.mover.Mover;
import dev.banyan.move.mover.Workspace;
import dev.banyan.move.plan.PlanReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code verify} prints and writes where rows differ. */
class VerifyCommandIntegrationTests {

  private static final String DIFFERENCES = """
      set session_replication_role = replica;
      update s.t set name = 'Forged' where email = 'ada@example.org';
      delete from s.t where email = 'bob@example.org';
      insert into s.t values ('eve@example.org', 'Eve', null);
      reset session_replication_role;""";

  @TempDir
  private Path directory;
  private Path plan;
  private Workspace space;
  private Thread mover;

  @BeforeEach
  void begins() throws Exception {
    DatabaseAddress monolith = TwoServers.monolith("verify_command");
    DatabaseAddress service = TwoServers.service("verify_command");
    plan = Files.writeString(directory.resolve("people.yml"), """
        module: verify_command
        monolith: { database: %s }
        service: { database: %s }
        tables: [s.t]
        """.formatted(yaml(monolith), yaml(service)));
    space = new Workspace(PlanReader.read(plan, Map.of()));
    String table = "create schema s; create table s.t (email text primary key, name text, n numeric);";
    onService(table);
    onMonolith(table + "insert into s.t values ('ada@example.org', 'Ada ''O''', 1.50), ('bob@example.org', 'Bob', 2), ('cyd@example.org', 'Cyd', 3)");
    mover = new Thread(this::move);
    mover.start();
    await().atMost(Duration.ofSeconds(60)).until(() -> space.control().isInstalled()
        && space.control().find("verify_command").filter(found -> found.phase() == Phase.IN_SYNC).isPresent());
  }

  private static String yaml(DatabaseAddress address) {
    return "{ url: \"%s\", user: %s, password: %s }".formatted(address.url(), address.user(), address.password());
  }

  private void move() {
    try {
      new Mover(space, sentence -> { }).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void ends() throws Exception {
    mover.interrupt();
    mover.join();
    space.close();
  }

  private void onMonolith(String sql) {
    space.monolith().jdbi().useHandle(handle -> handle.createScript(sql).execute());
  }

  private void onService(String sql) {
    space.service().jdbi().useHandle(handle -> handle.createScript(sql).execute());
  }

  private List<String> rows(boolean ofService) {
    return (ofService ? space.service() : space.monolith()).jdbi().withHandle(handle ->
        handle.createQuery("select (t.*)::text from s.t t order by email").mapTo(String.class).list());
  }

  private record Answer(int exitCode, String text) {}

  private Answer verify(String... options) {
    StringWriter text = new StringWriter();
    var commandLine = Banyan.commandLine();
    commandLine.setOut(new PrintWriter(text)).setErr(new PrintWriter(text));
    String[] arguments = new String[options.length + 2];
    arguments[0] = "verify";
    arguments[1] = plan.toString();
    System.arraycopy(options, 0, arguments, 2, options.length);
    return new Answer(commandLine.execute(arguments), text.toString());
  }

  private int keptDifferences() {
    return space.monolith().jdbi().withHandle(handle ->
        handle.createQuery("select count(*) from banyan.difference").mapTo(Integer.class).one());
  }

  @Test
  void masksValuesUnlessTheyAreAskedFor() {
    onService(DIFFERENCES);
    Answer masked = verify();
    assertThat(masked.exitCode()).isEqualTo(1);
    assertThat(masked.text()).contains("1 different, 1 missing, 1 extra", "different (ad…): name", "missing (bo…)", "extra (ev…)", "NOT equal")
        .doesNotContain("example.org", "Forged");

    Answer shown = verify("--show-values");
    assertThat(shown.text()).contains("email: 'ada@example.org'", "name: 'Ada 'O'', but there 'Forged'", "n: null");
    assertThat(verify("--show-values", "--json").text()).contains("\"values\"", "but there 'Forged'");
    assertThat(keptDifferences()).isZero();
  }

  @Test
  void writesAScriptThatMakesRowsEqualAndIsReadByNobodyElse() throws Exception {
    onService(DIFFERENCES);
    Path script = directory.resolve("repair.sql");
    assertThat(verify("--repair-script", script.toString()).exitCode()).isEqualTo(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(script))).isEqualTo("rw-------");
    assertThat(rows(true)).as("nothing is repaired by writing a script").isNotEqualTo(rows(false));
    assertThat(keptDifferences()).isZero();

    onMonolith("update s.t set n = 9 where email = 'ada@example.org'");
    await().untilAsserted(() -> assertThat(rows(true).toString()).contains("\"Ada 'O'\",9"));
    onService(Files.readString(script));
    assertThat(rows(true)).as("the row that has changed since is left alone").isEqualTo(rows(false));
    assertThat(verify().exitCode()).isZero();

    Answer again = verify("--repair-script", script.toString());
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.text()).contains("is there already");
  }

  @Test
  void repairsAndComparesAgain() {
    assertThat(verify().exitCode()).isZero();
    onService(DIFFERENCES);
    Answer nothingFound = verify("--changed");
    assertThat(nothingFound.text()).contains("0 changed  equal");
    Answer repaired = verify("--repair");
    assertThat(repaired.exitCode()).as(repaired.text()).isZero();
    assertThat(repaired.text()).contains("Repaired 3 rows and compared them again.", "Equal at position");
    assertThat(rows(true)).isEqualTo(rows(false));
    assertThat(verify("--table", "s.t").exitCode()).isZero();
  }

  @Test
  void tellsTheStepsOfARepairAndTakesNoneOfThem() {
    onService(DIFFERENCES);
    Path script = directory.resolve("not.sql");
    Answer steps = verify("--repair", "--repair-script", script.toString(), "--dry-run");
    assertThat(steps.exitCode()).as(steps.text()).isZero();
    assertThat(steps.text()).contains("1. compare every row of s.t", "make the service's rows that differ what the monolith's are",
        script.toString(), "Nothing was changed.");
    assertThat(verify("--changed", "--table", "s.t", "--dry-run", "--json").text())
        .contains("rows that have changed since the certificate").doesNotContain("make the service's rows");
    assertThat(rows(true)).isNotEqualTo(rows(false));
    assertThat(script).doesNotExist();
    assertThat(space.certificates().ofTables("verify_command").get("s.t")).isEmpty();
  }

  @Test
  void statusTellsWhatWasProvenOfEachTable() {
    assertThat(verify().exitCode()).isZero();
    onMonolith("update s.t set n = 4 where email = 'cyd@example.org'");
    await().untilAsserted(() -> {
      StringWriter text = new StringWriter();
      Banyan.commandLine().setOut(new PrintWriter(text)).execute("status", plan.toString());
      assertThat(text.toString()).containsPattern("s\\.t +equal, 3 rows compared .*, 1 keys changed since");
    });
  }
}
