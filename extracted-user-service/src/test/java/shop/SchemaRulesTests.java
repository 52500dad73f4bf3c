package shop;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.banyan.rules.SchemaOwnership;
import dev.banyan.rules.SchemaRules;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The service touches its own schema only, and nothing of what stayed behind in the monolith. */
@AnalyzeClasses(packages = "shop", importOptions = ImportOption.DoNotIncludeTests.class)
class SchemaRulesTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.load("schema-ownership.yml");

  @ArchTest
  static final ArchRule ownSchemaOnly = SchemaRules.modulesTouchOnlyTheirOwnSchema(OWNERSHIP);

  @Test
  void migrationsTouchOnlyTheirOwnSchema() {
    SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, Path.of("src/main/resources/db")).check();
  }
}
