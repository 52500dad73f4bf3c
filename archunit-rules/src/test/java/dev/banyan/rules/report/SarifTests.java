package dev.banyan.rules.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.banyan.rules.CompiledShop;
import dev.banyan.rules.SchemaOwnership;
import dev.banyan.rules.SchemaScan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the schema of OASIS, with a finding of each kind. */
class SarifTests {

  @TempDir private Path checkout;

  private SchemaScan scan = SchemaScan.of(SchemaOwnership.none());

  @BeforeEach
  void findSomethingOfEachKind() throws IOException, SQLException {
    Path classes = new CompiledShop(checkout)
        .with("orders/Report", "String a = \"select name from users.account where id = 1\"; String b(String t) { return \"select * from \" + t; }")
        .withSource("shop/orders/Entry", "package shop.orders; @jakarta.persistence.Entity @jakarta.persistence.Table(schema = \"users\", name = \"account\") public class Entry {}")
        .withFile("db/migration/orders/V1__old names.sql", "delete from users.account;").compiled();
    scan = SchemaScan.of(SchemaOwnership.parse(
        "modules: { orders: { packages: [shop.orders], schemas: [orders] }, users: { packages: [shop.users], schemas: [users] } }"), classes);
    scan.ask(database());
  }

  @Test
  void isValid() throws IOException {
    assertThat(scan.violations()).extracting(finding -> finding.kind().name()).containsExactlyInAnyOrder("SQL", "MAPPING", "MIGRATION", "CATALOG");
    assertThat(schema().validate(json(SourceRoots.of(checkout, List.of(checkout)).withOwnership(checkout.resolve("ownership.yml"))))).isEmpty();
    assertThat(schema().validate(json(SourceRoots.none()))).isEmpty();
  }

  /** The schema tells good from bad, or the test above tells nothing. */
  @Test
  void isHeldAgainstASchemaThatRefuses() throws IOException {
    assertThat(schema().validate(new ObjectMapper().valueToTree(Map.of("version", "2.1.0", "runs", List.of(Map.of("results", List.of())))))).isNotEmpty();
  }

  @Test
  void anObjectOfTheDatabaseIsALogicalLocation() {
    assertThat(catalogFinding(SourceRoots.none())).isEqualTo(new ObjectMapper().valueToTree(List.of(Map.of("logicalLocations",
        List.of(Map.of("fullyQualifiedName", "foreign key item_account of orders.item", "kind", "resource"))))));
  }

  /** A code host shows nothing without a file, and that one is really there. */
  @Test
  void theFileThatSaysWhoOwnsWhatStandsForTheDatabase() {
    JsonNode location = catalogFinding(SourceRoots.of(checkout, List.of(checkout)).withOwnership(checkout.resolve("src/schema-ownership.yml"))).get(0);

    assertThat(location.at("/physicalLocation/artifactLocation/uri").asText()).isEqualTo("src/schema-ownership.yml");
    assertThat(location.at("/logicalLocations/0/fullyQualifiedName").asText()).startsWith("foreign key ");
    assertThat(catalogFinding(SourceRoots.of(checkout, List.of(checkout)).withOwnership(Path.of("elsewhere.yml"))).get(0).has("physicalLocation")).isFalse();
  }

  private JsonNode catalogFinding(SourceRoots sources) {
    for (JsonNode result : json(sources).at("/runs/0/results")) {
      if (result.get("ruleId").asText().equals("banyan/catalog")) {
        return result.get("locations");
      }
    }
    throw new AssertionError("There is no finding of the catalog");
  }

  private JsonNode json(SourceRoots sources) {
    return new ObjectMapper().valueToTree(Sarif.of(scan, sources));
  }

  private static JsonSchema schema() throws IOException {
    try (InputStream schema = Objects.requireNonNull(SarifTests.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json"))) {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(schema);
    }
  }

  private static JdbcDataSource database() throws SQLException {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:sarif;DB_CLOSE_DELAY=-1");
    try (Connection connection = database.getConnection(); Statement statement = connection.createStatement()) {
      statement.execute("drop all objects; create schema users; create schema orders; create table users.account (id bigint primary key);"
          + "create table orders.item (account bigint, constraint item_account foreign key (account) references users.account)");
    }
    return database;
  }
}
