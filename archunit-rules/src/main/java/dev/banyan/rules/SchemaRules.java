package dev.banyan.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.BiFunction;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Rules that keep each module inside its own schema.
 *
 * <pre>{@code
 * @AnalyzeClasses(packages = "shop")
 * class SchemaRulesTests {
 *   static final SchemaOwnership ownership = SchemaOwnership.load("schema-ownership.yml");
 *   @ArchTest static final ArchRule ownSchemaOnly = SchemaRules.modulesTouchOnlyTheirOwnSchema(ownership);
 * }
 * }</pre>
 */
public final class SchemaRules {

  private SchemaRules() {}

  /**
   * Returns the rule that no module touches a table of another one: by SQL in the strings and annotations of its classes, by a
   * table mapping, or in the mapper files, mappings, scripts and migrations beside them, which are looked for in the folders
   * and jars that the classes were imported from. A class that belongs to no module must touch no owned table at all. The
   * rule may be frozen.
   */
  public static ArchRule modulesTouchOnlyTheirOwnSchema(SchemaOwnership ownership) {
    return rule(new TouchOnlyTheirOwnSchema(ownership, SchemaScan::forRuleWithFiles)).as("modules should touch only their own schema");
  }

  /** Returns the same rule for classes alone, where they are a choice out of their folders or jars. */
  public static ArchRule classesTouchOnlyTheirOwnSchema(SchemaOwnership ownership) {
    return rule(new TouchOnlyTheirOwnSchema(ownership, SchemaScan::forRule)).as("classes should touch only the schema of their module");
  }

  /**
   * Returns the rule that of each statement it can be told which tables, and whose, it means, in classes and in the files beside them.
   * Frozen, it keeps what cannot be told from becoming more.
   */
  public static ArchRule everyTableIsKnown(SchemaOwnership ownership) {
    return ArchRuleDefinition.classes().should(new TablesAreKnown(ownership)).allowEmptyShould(true).as("tables of statements should be known");
  }

  private static ArchRule rule(TouchOnlyTheirOwnSchema condition) {
    return ArchRuleDefinition.classes().should(condition).allowEmptyShould(true);
  }

  /** Returns the rule over the migrations below the folders; without an ArchUnit test, {@link MigrationCheck#check()} asserts. */
  public static MigrationCheck migrationsTouchOnlyTheirOwnSchema(SchemaOwnership ownership, Path... folders) {
    return MigrationCheck.of(ownership, folders);
  }

  /** Returns the rule over the catalog of a PostgreSQL or H2 database; without an ArchUnit test, {@link CatalogCheck#check()} asserts. */
  public static CatalogCheck databaseTouchesOnlyItsOwnSchema(SchemaOwnership ownership, DataSource database) {
    return CatalogCheck.of(ownership, database);
  }

  private static final class TouchOnlyTheirOwnSchema extends ArchCondition<JavaClass> {

    private final SchemaOwnership ownership;
    private final BiFunction<Collection<JavaClass>, SchemaOwnership, SchemaScan> scanning;
    private @Nullable SchemaScan scan;

    private TouchOnlyTheirOwnSchema(SchemaOwnership ownership, BiFunction<Collection<JavaClass>, SchemaOwnership, SchemaScan> scanning) {
      super("touch only tables that their module owns");
      this.ownership = ownership;
      this.scanning = scanning;
    }

    /** Entities and constants are looked up among all classes, so all are read at once. */
    @Override
    public void init(Collection<JavaClass> classes) {
      scan = scanning.apply(classes, ownership);
    }

    @Override
    public void check(JavaClass javaClass, ConditionEvents events) {
      if (scan != null) {
        scan.violationsOf(javaClass).forEach(finding -> events.add(SimpleConditionEvent.violated(javaClass, finding.message())));
      }
    }

    @Override
    public void finish(ConditionEvents events) {
      if (scan != null) {
        scan.violationsBesideClasses().forEach(finding -> events.add(SimpleConditionEvent.violated(finding, finding.message())));
      }
    }
  }

  private static final class TablesAreKnown extends ArchCondition<JavaClass> {

    private final SchemaOwnership ownership;
    private List<Unknown> unknown = List.of();

    private TablesAreKnown(SchemaOwnership ownership) {
      super("name tables that are known");
      this.ownership = ownership;
    }

    @Override
    public void init(Collection<JavaClass> classes) {
      unknown = SchemaScan.forRuleWithFiles(classes, ownership).unknown();
    }

    @Override
    public void check(JavaClass javaClass, ConditionEvents events) {}

    @Override
    public void finish(ConditionEvents events) {
      unknown.forEach(each -> events.add(SimpleConditionEvent.violated(each, each.message())));
    }
  }
}
