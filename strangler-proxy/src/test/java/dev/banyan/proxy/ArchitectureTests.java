package dev.banyan.proxy;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

/** The proxy and the mover meet in the control tables and nowhere else. */
@AnalyzeClasses(packages = "dev.banyan.proxy", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

  @ArchTest
  static final ArchRule doesNotKnowTheMover = ArchRuleDefinition.noClasses().should()
      .dependOnClassesThat().resideInAnyPackage("dev.banyan.move..", "dev.banyan.cli..", "dev.banyan.rules..");
}
