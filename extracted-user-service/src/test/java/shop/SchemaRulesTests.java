package shop;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import dev.banyan.rules.SchemaOwnership;
import dev.banyan.rules.SchemaRules;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The service touches its own schema only, and nothing of what stayed behind in the monolith. */
@AnalyzeClasses(packages = "shop", importOptions = ImportOption.DoNotIncludeTests.class)
class SchemaRulesTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.load("schema-ownership.yml");

  @ArchTest
  static final ArchRule noLoggingPastSlf4j = GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

  @ArchTest
  static final ArchRule noGenericExceptions = GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;

  @ArchTest
  static final ArchRule noFieldInjection = GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;

  @ArchTest
  static final ArchRule ownSchemaOnly = SchemaRules.modulesTouchOnlyTheirOwnSchema(OWNERSHIP);

  @Test
  void migrationsTouchOnlyTheirOwnSchema() {
    SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, Path.of("src/main/resources/db")).check();
  }
}
