package dev.banyan.move.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.banyan.move.database.TableName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanReaderTests {

  private static final String GOOD = """
      module: users
      monolith:
        url: http://localhost:8080
        database: { url: "jdbc:postgresql://localhost:5432/shop", user: banyan, password: "${SECRET}" }
      service:
        url: http://localhost:8081
        database: { url: "jdbc:postgresql://localhost:5433/users", user: banyan, password: x }
      tables:
        - users.account
        - from: users.address
          to: users.postal_address
          columns: { zip: postal_code, internal_note: ~ }
          where: "country is not null"
      routes:
        - path: /api/v1/users/**
        - { path: /api/v1/users/search, methods: [POST], kind: read }
      limits:
        max-pause: 500ms
        retained-wal: 1GB
      """;

  private static Plan read(String yaml) {
    return PlanReader.read("plan.yml", yaml, Map.of("SECRET", "s3cret"));
  }

  private static List<String> problemsOf(String yaml) {
    return catchThrowableOfType(PlanException.class, () -> read(yaml)).problems().stream().map(Problem::toString).toList();
  }

  @Test
  void refusesParametersThatTheDriverWouldPreferToTheMovers() {
    assertThat(problemsOf(GOOD.replace("5432/shop", "5432/shop?sslmode=require&options=-c%20search_path=x")))
        .singleElement().asString().contains("'options'");
    assertThat(problemsOf(GOOD.replace("5433/users", "5433/users?ApplicationName=mine"))).singleElement().asString().contains("'ApplicationName'");
  }

  @Test
  void readsEverythingThatAPlanMaySay() {
    Plan plan = read(GOOD);

    assertThat(plan.module()).isEqualTo("users");
    assertThat(plan.monolith().database().password()).isEqualTo("s3cret");
    assertThat(plan.tables()).hasSize(2);
    TablePlan address = plan.tables().get(1);
    assertThat(address.target()).isEqualTo(new TableName("users", "postal_address"));
    assertThat(address.columns()).containsEntry("zip", Optional.of("postal_code")).containsEntry("internal_note", Optional.empty());
    assertThat(address.where()).contains("country is not null");
    assertThat(plan.routes().get(1)).isEqualTo(new RoutePlan("/api/v1/users/search", List.of("POST"), Optional.of("READ"), 16));
    assertThat(plan.limits().maxPause()).isEqualTo(Duration.ofMillis(500));
    assertThat(plan.limits().retainedWal()).isEqualTo(new ByteCount(1L << 30));
    assertThat(plan.limits().maxLag()).isEqualTo(Limits.defaults().maxLag());
  }

  @Test
  void neverPrintsThePassword() {
    assertThat(read(GOOD).toString()).doesNotContain("s3cret");
  }

  @Test
  void reportsEveryProblemAtOnceWithItsLine() {
    List<String> problems = problemsOf(GOOD
        .replace("module: users", "module: Users!")
        .replace("${SECRET}", "${NOT_SET}")
        .replace("- users.account", "- account")
        .replace("max-pause: 500ms", "max-pause: soon\n  max-paus: 1s")
        .replace("kind: read", "kind: maybe"));

    assertThat(problems).containsExactlyInAnyOrder(
        "plan.yml:1: module 'Users!': use small letters, digits and underscores, 40 at most, a letter first",
        "plan.yml:4: the environment variable NOT_SET is not set",
        "plan.yml:9: 'account' is no table; write it as schema.table",
        "plan.yml:16: 'routes.kind': 'maybe' is neither read nor write",
        "plan.yml:18: 'limits.max-pause': 'soon' is no duration; write it like 500ms, 2s, 5m or 24h",
        "plan.yml:19: unknown key 'limits.max-paus'; known here: copy-jobs, copy-rate, fence-attempts, fence-timeout, max-lag, "
            + "max-load, max-pause, quiet-for, range-rows, retained-wal, verified-within, verify-jobs");
  }

  @Test
  void reportsWhatIsMissing() {
    assertThat(problemsOf("module: users\n")).containsExactlyInAnyOrder(
        "plan.yml:1: 'monolith' is missing", "plan.yml:1: 'service' is missing", "plan.yml:1: 'tables' must name at least one table");
  }

  @Test
  void reportsATableOrRouteThatStandsTwice() {
    assertThat(problemsOf(GOOD.replace("  - from: users.address\n    to: users.postal_address", "  - from: users.account\n    to: users.b")
        .replace("methods: [POST], kind: read", "kind: read").replace("users/search", "users/**")))
        .containsExactlyInAnyOrder("plan.yml:10: table users.account stands twice", "plan.yml:16: route /api/v1/users/** is claimed twice");
  }

  @Test
  void refusesAPathThatProxiesDoNotKnow() {
    assertThat(problemsOf(GOOD.replace("path: /api/v1/users/**", "path: /api/**/users"))).containsExactly(
        "plan.yml:15: the path '/api/**/users' is no pattern that proxies know: a segment is a text, * or {name}, and /** may stand at the end");
  }

  @Test
  void tellsWhereYamlIsNone() {
    assertThat(problemsOf("module: [\n")).singleElement().asString().startsWith("plan.yml:2: not YAML:");
    assertThat(problemsOf("")).containsExactly("plan.yml: the plan is empty");
  }

  @Test
  void tellsThatThereIsNoSuchFile() {
    assertThatThrownBy(() -> PlanReader.read(Path.of("nowhere.yml"), Map.of()))
        .isInstanceOf(PlanException.class).hasMessageContaining("nowhere.yml: the plan cannot be read");
  }

  @Test
  void settingsPageIsTheOneInTheDocumentation() throws Exception {
    assertThat(Path.of("../docs/settings.md")).exists();
    assertThat(Files.readString(Path.of("../docs/settings.md"))).isEqualTo(Limit.page());
  }
}
