package dev.banyan.rules.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.banyan.rules.CompiledShop;
import dev.banyan.rules.SchemaOwnership;
import dev.banyan.rules.SchemaScan;
import fixture.clean.orders.Clean;
import fixture.violating.orders.Violating;
import fixture.violating.orders.ViolatingFlow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScanReportTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.load("schema-ownership.yml");

  static class Hole {
    String sql(String table) {
      return "select * from " + table + " where id = ?";
    }
  }

  @Test
  void givesViolationsUnknownStatementsAndCoverage() {
    assertThat(ScanReport.json(scan(ViolatingFlow.InAJoin.class, Violating.InAnotherDialect.class, Violating.InAConcatenation.class,
        Hole.class)))
        .containsEntry("coverage", Map.of("statements", 4, "understood", 1, "partly", 2, "unknown", 1))
        .containsEntry("unknown", List.of(Map.of("module", "", "location", Hole.class.getName() + ", method sql(String)", "line", 30,
            "statement", "select * from … where id = ?", "reason", "a table's name is put in at run time")))
        .hasEntrySatisfying("violations", violations -> assertThat(violations).asInstanceOf(InstanceOfAssertFactories.LIST).hasSize(3)
            .contains(Map.of(
            "module", "orders", "owner", "users", "table", "users.account", "access", "read", "kind", "sql",
            "location", ViolatingFlow.InAJoin.class.getName() + ", method sql()", "line", 51,
            "statement", "select id from users.account where name = ?",
            "remedy", "Ask module 'users' through its interface, or keep a local copy that its events feed.")));
  }

  @Test
  void endsInASentenceForPeople() {
    assertThat(ScanReport.text(scan(ViolatingFlow.InAJoin.class)))
        .endsWith("1 accesses cross a border, to tables of users. 1 statements read: 1 understood, 0 in part, 0 not at all.");
    assertThat(ScanReport.text(scan(Clean.OwnTables.class))).isEqualTo(
        "No module touches another one's tables. 1 statements read: 1 understood, 0 in part, 0 not at all.");
  }

  @Test
  void namesFileAndLineForCodeHosts() {
    assertThat(Sarif.of(scan(ViolatingFlow.InAJoin.class, Hole.class)).toString())
        .contains("version=2.1.0", "uri=fixture/violating/orders/ViolatingFlow.java", "startLine=51", "ruleId=banyan/sql",
            "uri=dev/banyan/rules/report/ScanReportTests.java", "ruleId=banyan/unknown");
  }

  @Test
  void namesScriptsForCodeHostsAsUris(@TempDir Path folder) throws IOException {
    Path classes = new CompiledShop(folder).with("orders/Empty", "").withFile("schema.sql", "delete from ${x};")
        .withFile("old scripts/data.sql", "delete from ${x};").compiled();

    assertThat(Sarif.of(SchemaScan.of(OWNERSHIP, classes)).toString()).contains("uri=schema.sql", "uri=old%20scripts/data.sql");
  }

  @Test
  void findsTheSourcesOfACheckoutForCodeHosts(@TempDir Path checkout) throws IOException {
    Path module = checkout.resolve("shop");
    Path classes = new CompiledShop(module.resolve("target")).with("orders/Empty", "").withFile("db/data.sql", "delete from ${x};").compiled();
    Path source = Files.createDirectories(module.resolve("src/main/resources/db")).resolve("data.sql");
    Files.writeString(source, "delete from ${x};");

    SchemaScan scan = SchemaScan.of(OWNERSHIP, classes);
    assertThat(Sarif.of(scan, SourceRoots.of(checkout, List.of(classes))).toString()).contains("uri=shop/src/main/resources/db/data.sql");
    assertThat(Sarif.of(scan, SourceRoots.of(module.resolve("src"), List.of(classes))).toString()).contains("uri=main/resources/db/data.sql");
    assertThat(Sarif.of(scan, SourceRoots.of(checkout.resolve("other"), List.of(classes))).toString()).contains("uri=db/data.sql");
  }

  @Test
  void tellsAFindingThatMovedFromANewOne(@TempDir Path folder) throws IOException {
    String one = fingerprints(new CompiledShop(folder.resolve("a")).with("orders/Empty", "").withFile("data.sql", "delete from ${x};"));
    String moved = fingerprints(new CompiledShop(folder.resolve("b")).with("orders/Empty", "").withFile("data.sql", "\n\n\ndelete from ${x};"));
    String twice = fingerprints(new CompiledShop(folder.resolve("c")).with("orders/Empty", "")
        .withFile("data.sql", "delete from ${x};\ndelete from ${x};"));

    assertThat(moved).isEqualTo(one).endsWith(":1");
    assertThat(twice).isEqualTo(one + one.replaceFirst(":1$", ":2"));
  }

  private static String fingerprints(CompiledShop shop) throws IOException {
    Matcher found = Pattern.compile("primaryLocationLineHash=([^}]*)").matcher(Sarif.of(SchemaScan.of(OWNERSHIP, shop.compiled())).toString());
    return found.results().map(result -> result.group(1)).collect(Collectors.joining());
  }

  @Test
  void drawsAPageThatEscapesWhatItShows() {
    assertThat(HtmlPage.of(scan(ViolatingFlow.InABuilderInALoop.class, ViolatingFlow.InAJoin.class)))
        .contains("<b>2</b>accesses cross a border", "rgba(234, 88, 12, 0.62)\">2</td>", "touches users", "touched by orders",
            "<title>orders touches users.account: 2</title>")
        .contains("&quot;select id from users.account where name = ?&quot;").doesNotContain("<td>\"");
  }

  private static SchemaScan scan(Class<?>... classes) {
    return SchemaScan.of(new ClassFileImporter().importClasses(classes), OWNERSHIP);
  }
}
