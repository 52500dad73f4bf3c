package dev.banyan.proxy;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.GeneralCodingRules;
import dev.banyan.rules.SchemaOwnership;
import dev.banyan.rules.SchemaRules;

/** The proxy and the mover meet in the control tables and nowhere else. */
@AnalyzeClasses(packages = "dev.banyan.proxy", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

  @ArchTest
  static final ArchRule doesNotKnowTheMover = ArchRuleDefinition.noClasses().should()
      .dependOnClassesThat().resideInAnyPackage("dev.banyan.move..", "dev.banyan.cli..", "dev.banyan.rules..");

  @ArchTest
  static final ArchRule noLoggingPastSlf4j = GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

  @ArchTest
  static final ArchRule noGenericExceptions = GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;

  @ArchTest
  static final ArchRule noFieldInjection = GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;

  @ArchTest
  static final ArchRule ownSchemaOnly = SchemaRules.modulesTouchOnlyTheirOwnSchema(SchemaOwnership.load("schema-ownership.yml"));

  /** jMolecules' rules judge types that bear its stereotypes, and would pass on anything here. */
  @ArchTest
  static final ArchRule noBuildingBlocksThatNobodyJudges = ArchRuleDefinition.noClasses().should().dependOnClassesThat().resideInAPackage("org.jmolecules..")
      .because("with the first stereotype JMoleculesDddRules have something to judge, and belong into this test");
}
