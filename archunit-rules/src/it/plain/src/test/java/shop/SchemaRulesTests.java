package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.banyan.rules.SchemaOwnership;
import dev.banyan.rules.SchemaRules;
import dev.banyan.rules.SchemaScan;
import org.junit.jupiter.api.Test;

class SchemaRulesTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.load("schema-ownership.yml");
  private static final JavaClasses CLASSES = new ClassFileImporter().importPackages("shop.orders", "shop.users");

  @Test
  void findsTheCrossing() {
    AssertionError failure = assertThrows(AssertionError.class, () -> SchemaRules.modulesTouchOnlyTheirOwnSchema(OWNERSHIP).check(CLASSES));

    assertTrue(failure.getMessage().contains("Module 'orders' writes public.account, which module 'users' owns, in shop.orders.Report, "
        + "method rename(Connection, String) (Report.java:10)"), failure::getMessage);
  }

  @Test
  void listsWhatIsNotKnown() {
    assertEquals(1, SchemaScan.of(CLASSES, OWNERSHIP).unknown().size());
  }
}
