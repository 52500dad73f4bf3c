package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.rules.sql.Access;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A schema of somebody else's, whose crossings are known: five schemas, 20 foreign keys and 53 view reads between them. */
class AdventureWorksTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.parse("""
      modules:
        humanresources: { schemas: [humanresources, hr] }
        person: { schemas: [person, pe] }
        production: { schemas: [production, pr] }
        purchasing: { schemas: [purchasing, pu] }
        sales: { schemas: [sales, sa] }
      """);
  private static final Pattern FOREIGN_KEY = Pattern.compile("(?i)\"alter table (\\S+) add constraint \"?(\\w+)\"? .*");
  private static final Pattern VIEW = Pattern.compile("(?i)\"create (?:materialized )?view (\\S+) as .*");

  @Test
  void findsTheCrossingForeignKeysAndViewReadsInTheScriptAsTheCatalogDoes() throws Exception {
    Path data = Stream.of("../../shared/data", System.getProperty("banyan.data", "")).map(folder -> Path.of(folder, "adventureworks"))
        .filter(folder -> Files.isRegularFile(folder.resolve("adventureworks-schema.sql"))).findFirst().orElse(Path.of(""));
    assumeTrue(Files.exists(data.resolve("adventureworks-schema.sql")), "AdventureWorks is not here");

    MigrationCheck check = SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, data);

    assertThat(check.unknown()).isEmpty();
    assertThat(lines(check, Access.REFERENCE, FOREIGN_KEY)).containsExactlyInAnyOrderElementsOf(
        Files.readAllLines(data.resolve("ground-truth-cross-schema-fks.txt")));
    assertThat(lines(check, Access.READ, VIEW)).containsExactlyInAnyOrderElementsOf(
        Files.readAllLines(data.resolve("ground-truth-cross-schema-views.txt")));
    assertThat(check.violations()).hasSize(73);
  }

  private static List<String> lines(MigrationCheck check, Access access, Pattern statement) {
    return check.violations().stream().filter(finding -> finding.access() == access).map(finding -> line(finding, statement)).toList();
  }

  private static String line(Finding finding, Pattern statement) {
    Matcher matcher = statement.matcher(finding.statement());
    assertThat(matcher.matches()).as(finding.statement()).isTrue();
    String object = matcher.group(1).toLowerCase(Locale.ROOT);
    return statement == VIEW ? "%s [v] reads %s".formatted(object, finding.table())
        : "%s -> %s (%s)".formatted(object, finding.table(), matcher.group(2));
  }
}
