package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.banyan.rules.draft.OwnershipDraft;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesBesideClassesTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.parse("""
      modules:
        orders: { packages: [shop.orders], schemas: [orders], default-schema: orders }
        users: { packages: [shop.users], schemas: [users] }
      """);
  private static final String MAPPER =
      "<mapper namespace=\"shop.orders.Items\"><select id=\"all\">select * from users.account</select></mapper>";
  private static final String SCRIPT = "select name from users.account";

  @TempDir
  private Path folder;

  @Test
  void theRuleSeesMapperFilesAsTheScanDoes() throws IOException {
    Path classes = new CompiledShop(folder).with("orders/Items", "").withFile("Items.xml", MAPPER).compiled();

    assertThat(found(new ClassFileImporter().importPath(classes)))
        .containsExactlyElementsOf(SchemaScan.of(OWNERSHIP, classes).violations().stream().map(Finding::message).toList()).hasSize(1);
  }

  @Test
  void theRuleSeesScriptsMappingsAndTemplates() throws IOException {
    Path classes = new CompiledShop(folder).with("orders/Items", "").withFile("shop/orders/a.sql", SCRIPT)
        .withFile("db/migration/orders/V1__a.sql", "create view orders.v as select * from users.role;")
        .withFile("META-INF/orm.xml", "<entity-mappings><entity class=\"shop.orders.Items\"><table schema=\"users\" name=\"item\"/></entity></entity-mappings>")
        .withFile("shop/orders/Sql.sql.stg", "all() ::= <<select * from users.address>>").compiled();

    assertThat(found(new ClassFileImporter().importPath(classes))).anyMatch(line -> line.contains("users.account"))
        .anyMatch(line -> line.contains("users.role")).anyMatch(line -> line.contains("users.item")).anyMatch(line -> line.contains("users.address"));
  }

  @Test
  void theRuleSeesDefaultSchemaGeneratorsAndAssociationsOfMappingFiles() throws IOException {
    Path classes = new CompiledShop(folder).with("orders/Items", "")
        .withSource("shop/users/Role", "package shop.users; @jakarta.persistence.Entity @jakarta.persistence.Table(schema = \"users\") public class Role {}")
        .withFile("META-INF/orm.xml", """
            <entity-mappings><package>shop.orders</package><schema>users</schema>
            <entity class="Items"><table name="item"/><attributes>
            <id name="id"><sequence-generator name="s" schema="users" sequence-name="item_seq"/></id>
            <many-to-one name="role" target-entity="shop.users.Role"/>
            <one-to-many name="own" target-entity="Items"/></attributes></entity></entity-mappings>
            """).compiled();

    assertThat(found(new ClassFileImporter().importPath(classes))).hasSize(3).anyMatch(line -> line.contains("users.item,"))
        .anyMatch(line -> line.contains("users.item_seq,")).anyMatch(line -> line.contains("users.role,"));
  }

  @Test
  void theRuleSeesFilesInJars() throws IOException {
    Path classes = new CompiledShop(folder).with("orders/Items", "").withFile("Items.xml", MAPPER).compiled();

    try (JarFile jar = new JarFile(jar(classes).toFile())) {
      assertThat(found(new ClassFileImporter().importJar(jar))).hasSize(1);
    }
  }

  /** A modular monolith's modules are jars of their own within the executable one; its libraries are nobody's. */
  @Test
  void theScanSeesTheModulesInAnExecutableJar() throws IOException {
    assertThat(SchemaScan.of(OWNERSHIP, executableJar()).violations()).extracting(Finding::location)
        .containsExactly("shop.orders.Report, constructor()");
  }

  /** Nobody owns anything yet: what lies below the application's package is the application's. */
  @Test
  void theFirstDraftSeesTheModulesInAnExecutableJar() throws IOException {
    String draft = OwnershipDraft.of(SchemaScan.of(SchemaOwnership.none(), executableJar()), List.of());

    assertThat(draft).contains("  orders: { packages: [shop.orders], schemas: [users] }\n").doesNotContain("acme");
  }

  private Path executableJar() throws IOException {
    Path module = jar(new CompiledShop(folder.resolve("module")).with("orders/Report", "String sql = \"delete from users.account\";").compiled());
    Path orders = Files.copy(module, folder.resolve("module.jar"));
    Path library = jar(new CompiledShop(folder.resolve("library"))
        .withSource("acme/Report", "package acme; public class Report { String sql = \"delete from users.account\"; }").compiled());
    Path boot = folder.resolve("boot");
    Files.createDirectories(boot.resolve("BOOT-INF/lib"));
    Files.move(orders, boot.resolve("BOOT-INF/lib/orders.jar"));
    Files.move(library, boot.resolve("BOOT-INF/lib/library.jar"));
    Files.move(new CompiledShop(folder.resolve("application"))
        .withSource("org/springframework/boot/autoconfigure/SpringBootApplication",
            "package org.springframework.boot.autoconfigure; public @interface SpringBootApplication {}")
        .withSource("shop/Shop", "package shop; @org.springframework.boot.autoconfigure.SpringBootApplication class Shop {}").compiled(),
        boot.resolve("BOOT-INF/classes"));
    return jar(boot);
  }

  @Test
  void theRuleSeesTheResourcesThatGradleKeepsElsewhere() throws IOException {
    Path classes = new CompiledShop(folder).with("orders/Items", "").compiled();
    Path root = Files.createDirectories(folder.resolve("build/classes/java")).resolve("main");
    Files.move(classes, root);
    Files.writeString(Files.createDirectories(folder.resolve("build/resources/main")).resolve("Items.xml"), MAPPER);

    assertThat(found(new ClassFileImporter().importPath(root))).hasSize(1);
  }

  @Test
  void theRuleForClassesAloneLeavesFilesOut() throws IOException {
    Path classes = new CompiledShop(folder).with("orders/Items", "").withFile("Items.xml", MAPPER).compiled();

    SchemaRules.classesTouchOnlyTheirOwnSchema(OWNERSHIP).check(new ClassFileImporter().importPath(classes));
  }

  @Test
  void aScriptThatAClassLoadsIsThatClasss() throws IOException {
    assertThat(loading("\"/sql/report.sql\"").violations()).singleElement().satisfies(finding -> {
      assertThat(finding.module()).contains("orders");
      assertThat(finding.table()).isEqualTo("users.account");
    });
    assertThat(loading("\"classpath:sql/report.sql\"").violations()).hasSize(1);
    assertThat(loading("folder + \"/report.sql\"").violations()).hasSize(1);
  }

  @Test
  void aScriptThatNobodyLoadsIsNotKnown() throws IOException {
    SchemaScan scan = loading("\"/sql/other.sql\"");

    assertThat(scan.violations()).isEmpty();
    assertThat(scan.unknown()).singleElement().satisfies(unknown -> {
      assertThat(unknown.location()).isEqualTo("sql/report.sql, script");
      assertThat(unknown.reason()).isEqualTo("no class of a module carries the path of the script");
    });
  }

  /** Lies outside of every module's folder, and is run by one's changelog. */
  @Test
  void aScriptThatAChangelogRunsIsItsModules() throws IOException {
    Path classes = new CompiledShop(folder).with("orders/Items", "").withFile("db/scripts/tidy.sql", "delete from users.account;")
        .withFile("db/changelog/orders/tables.xml", "<databaseChangeLog><changeSet id=\"1\" author=\"a\">"
            + "<sqlFile encoding=\"UTF-8\" path=\"db/scripts/tidy.sql\"/></changeSet></databaseChangeLog>").compiled();

    assertThat(SchemaScan.of(OWNERSHIP, classes).violations()).extracting(Finding::module, Finding::location)
        .containsExactly(tuple(Optional.of("orders"), "db/scripts/tidy.sql, script"));
  }

  @Test
  void rowsThatAScriptCopiesAreNoStatements() throws IOException {
    Path classes = new CompiledShop(folder).with("orders/Items", "").withFile("db/migration/orders/V1__items.sql",
        "copy orders.note (id, note) from stdin;\n1\tdelete from users.account;\n\\.\ninsert into users.account values (1);").compiled();

    assertThat(SchemaScan.of(OWNERSHIP, classes).violations()).extracting(Finding::source).containsExactly("V1__items.sql:4");
  }

  private SchemaScan loading(String path) throws IOException {
    Path classes = new CompiledShop(folder)
        .with("orders/Report", "Object run(String folder) { return getClass().getResourceAsStream(" + path + "); }")
        .withFile("sql/report.sql", SCRIPT).compiled();
    return SchemaScan.of(OWNERSHIP, classes);
  }

  private static List<String> found(JavaClasses classes) {
    return SchemaRules.modulesTouchOnlyTheirOwnSchema(OWNERSHIP).evaluate(classes).getFailureReport().getDetails();
  }

  private Path jar(Path classes) throws IOException {
    Path jar = folder.resolve("shop.jar");
    try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file); Stream<Path> files = Files.walk(classes)) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(each).toString()));
        out.write(Files.readAllBytes(each));
      }
    }
    return jar;
  }
}
