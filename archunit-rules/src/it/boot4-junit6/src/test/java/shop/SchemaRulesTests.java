package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.freeze.FreezingArchRule;
import dev.banyan.rules.SchemaOwnership;
import dev.banyan.rules.SchemaRules;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

@AnalyzeClasses(packages = "shop", importOptions = ImportOption.DoNotIncludeTests.class)
class SchemaRulesTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.load("schema-ownership.yml");

  /** Passes, as all that is there today is frozen. */
  @ArchTest
  static final ArchRule ownSchemaOnly = FreezingArchRule.freeze(SchemaRules.modulesTouchOnlyTheirOwnSchema(OWNERSHIP));

  @ArchTest
  static void findsEachCrossing(JavaClasses classes) {
    List<String> found = SchemaRules.modulesTouchOnlyTheirOwnSchema(OWNERSHIP).evaluate(classes).getFailureReport().getDetails();

    assertEquals(3, found.size(), () -> String.join("\n", found));
    assertTrue(found.stream().anyMatch(line -> line.contains("refers to public.account") && line.contains("@ManyToOne")));
    assertTrue(found.stream().anyMatch(line -> line.contains("shop.orders.Items, method nameOf(long)")));
    assertTrue(found.stream().anyMatch(line -> line.contains("(Report.java:8): \"select count(*) from public.account\"")));
  }

  @Test
  void migrationsTouchOnlyTheirOwnSchema() {
    SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, Path.of("src/main/resources/db")).check();
  }
}
