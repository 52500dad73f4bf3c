package dev.banyan;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import dev.banyan.rules.SchemaOwnership;
import dev.banyan.rules.SchemaRules;

/** The arrows of the house: who may know whom. */
@AnalyzeClasses(packages = "dev.banyan", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

  @ArchTest
  static final ArchRule noLoggingPastSlf4j = GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

  @ArchTest
  static final ArchRule noGenericExceptions = GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;

  @ArchTest
  static final ArchRule noFieldInjection = GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;

  /** What is moved, the plan says; the toolkit names no table but those of its own schema. */
  @ArchTest
  static final ArchRule ownSchemaOnly = SchemaRules.modulesTouchOnlyTheirOwnSchema(SchemaOwnership.load("schema-ownership.yml"));

  /** jMolecules' rules judge types that bear its stereotypes, and would pass on anything here. */
  @ArchTest
  static final ArchRule noBuildingBlocksThatNobodyJudges = noClasses().should().dependOnClassesThat().resideInAPackage("org.jmolecules..")
      .because("with the first stereotype JMoleculesDddRules have something to judge, and belong into this test");

  @ArchTest
  static final ArchRule controlPlaneKnowsNothingOfOurs = noClasses().that().resideInAPackage("dev.banyan.control..")
      .should().dependOnClassesThat().resideInAnyPackage("dev.banyan.move..", "dev.banyan.cli..", "dev.banyan.proxy..");

  @ArchTest
  static final ArchRule rulesKnowNothingOfOurs = noClasses().that().resideInAPackage("dev.banyan.rules..")
      .should().dependOnClassesThat().resideInAnyPackage("dev.banyan.control..", "dev.banyan.move..", "dev.banyan.cli..", "dev.banyan.proxy..");

  @ArchTest
  static final ArchRule onlyTheCommandLineKnowsTheRules = noClasses().that().resideInAnyPackage("dev.banyan.move..", "dev.banyan.control..")
      .should().dependOnClassesThat().resideInAPackage("dev.banyan.rules..");

  @ArchTest
  static final ArchRule clientPartKnowsOnlyItself = noClasses().that().resideInAPackage("dev.banyan.control.client..")
      .should().dependOnClassesThat().resideInAnyPackage("dev.banyan.control", "org.jdbi..", "org.flywaydb..", "com.fasterxml..");

  @ArchTest
  static final ArchRule moveFlowsOneWay = layeredArchitecture().consideringOnlyDependenciesInAnyPackage("dev.banyan.move..", "dev.banyan.cli..")
      .layer("database").definedBy("dev.banyan.move.database..")
      .layer("plan").definedBy("dev.banyan.move.plan..")
      .layer("check").definedBy("dev.banyan.move.check..")
      .layer("copy").definedBy("dev.banyan.move.copy..")
      .layer("stream").definedBy("dev.banyan.move.stream..")
      .layer("verify").definedBy("dev.banyan.move.verify..")
      .layer("cutover").definedBy("dev.banyan.move.cutover..")
      .layer("mover").definedBy("dev.banyan.move.mover..")
      .layer("rehearsal").definedBy("dev.banyan.move.rehearsal..")
      .layer("cli").definedBy("dev.banyan.cli..")
      .whereLayer("plan").mayOnlyAccessLayers("database")
      .whereLayer("check").mayOnlyAccessLayers("database", "plan")
      .whereLayer("copy").mayOnlyAccessLayers("database", "plan")
      .whereLayer("stream").mayOnlyAccessLayers("database")
      .whereLayer("verify").mayOnlyAccessLayers("database", "stream")
      .whereLayer("cutover").mayOnlyAccessLayers("database", "plan", "check", "stream", "verify")
      .whereLayer("mover").mayOnlyBeAccessedByLayers("cli", "rehearsal")
      .whereLayer("rehearsal").mayOnlyBeAccessedByLayers("cli")
      .whereLayer("database").mayNotAccessAnyLayer();
}
