package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queries of Spring Data's repositories that stand in properties files, as their methods use them. */
class RepositoryQueriesTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.parse("""
      modules:
        orders: { packages: [shop.orders], schemas: [orders], default-schema: orders }
        users: { packages: [shop.users], schemas: [users], default-schema: users }
      """);

  private static final String DATA = "org.springframework.data.jpa.repository.";
  private static final String REPOSITORY = "interface Items extends " + DATA + "JpaRepository<Item, Long> { %s }";
  private static final String DEFAULT = "META-INF/jpa-named-queries.properties";

  @TempDir
  private Path folder;

  private CompiledShop shop;

  @BeforeEach
  void writeLibraries() throws IOException {
    shop = new CompiledShop(folder)
        .withSource("org/springframework/data/jpa/repository/JpaRepository", "package org.springframework.data.jpa.repository; public interface JpaRepository<T, I> {}")
        .withSource("org/springframework/data/jpa/repository/Query", "package org.springframework.data.jpa.repository;"
            + " public @interface Query { String value() default \"\"; String name() default \"\"; String countName() default \"\"; boolean nativeQuery() default false; }")
        .withSource("org/springframework/data/jpa/repository/NativeQuery", "package org.springframework.data.jpa.repository; public @interface NativeQuery { String name() default \"\"; }")
        .withSource("org/springframework/data/jpa/repository/config/EnableJpaRepositories", "package org.springframework.data.jpa.repository.config;"
            + " public @interface EnableJpaRepositories { String namedQueriesLocation() default \"\"; }")
        .withSource("shop/users/Account", "package shop.users; import jakarta.persistence.*; @Entity @Table(schema = \"users\") public class Account { @Id public long id; }")
        .withSource("shop/orders/Item", "package shop.orders; import jakarta.persistence.*; @Entity @Table(schema = \"orders\") public class Item { @Id public long id; }");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      Object old();                                                             | Item.old = select i from Item i, Account a           | reads users.account
      Object old();                                                             | Item.old=from #{#entityName} i where exists (select 1 from Account a) | reads users.account
      Object old();                                                             | Item.old.count: select count(a) from Account a       | reads users.account
      @org.springframework.data.jpa.repository.Query(name = "drop") void f();   | drop=delete from Account                             | writes users.account
      @org.springframework.data.jpa.repository.Query(nativeQuery = true) Object old(); | Item.old=select * from item, users.address    | reads users.address
      @org.springframework.data.jpa.repository.NativeQuery(name = "x.y") Object f(); | x.y=select * from users.address                 | reads users.address
      @org.springframework.data.jpa.repository.Query(countName = "n") Object f(); | n=select count(a) from Account a                   | reads users.account
      """)
  void belongToTheModuleOfTheRepository(String method, String entry, String said) throws IOException {
    shop.with("orders/Orders", REPOSITORY.formatted(method)).withFile(DEFAULT, "# queries\n" + entry + "\nItem.own=select i from Item i\n")
        .with("orders/Own", "interface More extends %sJpaRepository<Item, Long> { Object own(); }".formatted(DATA));

    SchemaScan scan = SchemaScan.of(OWNERSHIP, shop.compiled());

    assertThat(scan.violations()).singleElement().satisfies(finding -> {
      assertThat(finding.message()).startsWith("Module 'orders' %s, which module 'users' owns, in %s, ".formatted(said, DEFAULT));
      assertThat(finding.line()).isEqualTo(2);
    });
    assertThat(scan.unknown()).isEmpty();
  }

  @Test
  void mayStandInAnotherFileThatTheConfigurationNames() throws IOException {
    String configuration = "@%sconfig.EnableJpaRepositories(namedQueriesLocation = \"classpath:queries/items.properties\") static class Configuration {}".formatted(DATA);
    shop.with("orders/Orders", configuration + REPOSITORY.formatted("Object old();"))
        .withFile("queries/items.properties", "Item.old = select i from Item i, \\\n  Account a\n")
        .withFile("messages.properties", "Item.old = delete from Account\n");

    assertThat(SchemaScan.of(OWNERSHIP, shop.compiled()).violations()).singleElement()
        .satisfies(finding -> assertThat(finding.message()).startsWith("Module 'orders' reads users.account, which module 'users' owns, in queries/items.properties, Item.old"));
  }

  @Test
  void ofSpringDataJdbcAreSqlAlways() throws IOException {
    shop.with("orders/Orders", REPOSITORY.formatted("Object old();")).withFile("META-INF/jdbc-named-queries.properties", "Item.old = select * from users.account");

    assertThat(SchemaScan.of(OWNERSHIP, shop.compiled()).violations()).extracting(Finding::table).containsExactly("users.account");
  }

  @Test
  void areTheCallersWhereItIsAnotherModules() throws IOException {
    shop.with("users/Users", "interface Accounts extends %1$sJpaRepository<Account, Long> { @%1$sQuery(name = \"Account.all\") Object f(); }".formatted(DATA))
        .with("orders/Orders", "interface Items extends %1$sJpaRepository<Item, Long> { @%1$sQuery(name = \"Account.all\") Object f(); }".formatted(DATA))
        .withFile(DEFAULT, "Account.all = select a from Account a");

    assertThat(SchemaScan.of(OWNERSHIP, shop.compiled()).violations()).extracting(Finding::message).singleElement().asString()
        .startsWith("Module 'orders' reads users.account, ");
  }

  @Test
  void thatNobodyUsesAreListed() throws IOException {
    shop.with("orders/Orders", REPOSITORY.formatted("Object other();")).withFile(DEFAULT, "Item.old = select a from Account a");
    SchemaScan scan = SchemaScan.of(OWNERSHIP, shop.compiled());

    assertThat(scan.violations()).isEmpty();
    assertThat(scan.unknown()).singleElement().satisfies(unknown -> assertThat(unknown.reason()).isEqualTo("no repository that was read has a method for this query"));
  }

  @Test
  void areReadByTheRuleOfATestClassToo() throws IOException {
    Path classes = shop.with("orders/Orders", REPOSITORY.formatted("Object old();")).withFile(DEFAULT, "Item.old = select a from Account a").compiled();

    assertThat(SchemaRules.modulesTouchOnlyTheirOwnSchema(OWNERSHIP).evaluate(new ClassFileImporter().importPath(classes)).getFailureReport().getDetails()).hasSize(1);
  }
}
