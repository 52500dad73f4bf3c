package shop;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jmolecules.archunit.JMoleculesDddRules;
import org.junit.jupiter.api.Test;

class ArchitectureTests {

  private static final JavaClasses CLASSES =
      new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("shop");

  @Test
  void buildingBlocksKeepTheRulesOfDomainDrivenDesign() {
    JMoleculesDddRules.all().check(CLASSES);
  }

  @Test
  void usesOfTheToolkitOnlyItsClientPart() {
    noClasses().should().dependOnClassesThat(
        DescribedPredicate.describe("belong to the toolkit, except its client part",
            c -> c.getPackageName().startsWith("dev.banyan") && !c.getPackageName().equals("dev.banyan.control.client")))
        .check(CLASSES);
  }
}
