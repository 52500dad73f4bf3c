package shop;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import org.jmolecules.archunit.JMoleculesDddRules;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.modulith.core.util.ApplicationModulesExporter;
import org.springframework.modulith.docs.Documenter;
import tools.jackson.databind.json.JsonMapper;

class ModulesTests {

  private static final ApplicationModules MODULES = ApplicationModules.of(Shop.class);
  private static final JavaClasses CLASSES =
      new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("shop");

  @Test
  void modulesUseNothingOfEachOtherButWhatIsPublic() {
    MODULES.verify();
  }

  @Test
  void buildingBlocksKeepTheRulesOfDomainDrivenDesign() {
    JMoleculesDddRules.all().check(CLASSES);
  }

  @Test
  void writesTheModuleDiagrams() {
    new Documenter(MODULES).writeModulesAsPlantUml().writeIndividualModulesAsPlantUml().writeModuleCanvases();
  }

  /** The file spares the application its own analysis of the modules, and so two seconds at every start. */
  @Test
  void theModulesThatAreMigratedAtStartAreTheModulesOfTheCode() throws IOException {
    var file = new ClassPathResource(ApplicationModulesExporter.DEFAULT_LOCATION);
    assertThat(new JsonMapper().readTree(file.getInputStream()).propertyNames())
        .describedAs("Names in src/main/resources/%s", ApplicationModulesExporter.DEFAULT_LOCATION)
        .containsExactlyInAnyOrderElementsOf(MODULES.stream().map(m -> m.getIdentifier().toString()).toList());
  }
}
