package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements that MyBatis gets from methods, which mappers name in each of the ways there are. */
class ProvidedStatementsTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.parse("""
      modules:
        orders: { packages: [shop.orders], schemas: [orders], default-schema: orders }
        users: { packages: [shop.users], schemas: [users], default-schema: users }
      """);

  private static final String MAPPER = "interface Mapper { @org.apache.ibatis.annotations.%s Object find(long id); }";

  @TempDir
  private Path folder;

  private CompiledShop shop;

  @BeforeEach
  void writeLibraries() throws IOException {
    shop = new CompiledShop(folder)
        .withSource("org/apache/ibatis/builder/annotation/ProviderMethodResolver", "package org.apache.ibatis.builder.annotation; public interface ProviderMethodResolver {}")
        .withSource("org/apache/ibatis/jdbc/SQL", "package org.apache.ibatis.jdbc; public class SQL { public SQL SELECT(String s) { return this; } public SQL FROM(String s) { return this; } }");
    for (String kind : new String[] {"Select", "Delete"}) {
      shop.withSource("org/apache/ibatis/annotations/" + kind + "Provider", "package org.apache.ibatis.annotations; public @interface " + kind
          + "Provider { Class<?> type() default void.class; Class<?> value() default void.class; String method() default \"\"; }");
    }
  }

  /** The whole of it in one module: found where it stands, and once. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      static class Sql { public String f() { return "select * from TABLE"; } }                      | SelectProvider(type = Sql.class, method = "f")
      static class Sql { public static String f() { StringBuilder b = new StringBuilder("delete from "); return b.append("TABLE").toString(); } } | DeleteProvider(value = Sql.class, method = "f")
      static class Sql { public String f() { return new org.apache.ibatis.jdbc.SQL() {{ SELECT("*"); FROM("TABLE"); }}.toString(); } } | SelectProvider(type = Sql.class, method = "f")
      static class Sql { public String f(String s) { return s + " from TABLE"; } }                  | SelectProvider(type = Sql.class, method = "f")
      """)
  void areTheModulesOwn(String provider, String annotation) throws IOException {
    shop.with("orders/Violating", provider.replace("TABLE", "users.account") + MAPPER.formatted(annotation))
        .with("orders/Clean", provider.replace("TABLE", "orders.item") + MAPPER.formatted(annotation));

    assertThat(SchemaScan.of(OWNERSHIP, shop.compiled()).violations()).singleElement().satisfies(finding -> {
      assertThat(finding.table()).isEqualTo("users.account");
      assertThat(finding.location()).startsWith("shop.orders.Violating$Sql");
    });
  }

  /** The owner's class puts it together, and the mapper of another module sends it. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      public static class Sql { public String f() { return "select * from account"; } }                   | SelectProvider(type = shop.users.Provider.Sql.class, method = "f")
      public static class Sql { public String provideSql() { return "select * from users.account"; } }    | SelectProvider(shop.users.Provider.Sql.class)
      public static class Sql implements org.apache.ibatis.builder.annotation.ProviderMethodResolver { public String find() { return "select * from account"; } public String g() { return "delete from account"; } } | SelectProvider(type = shop.users.Provider.Sql.class)
      public static class Sql { public String f() { return new org.apache.ibatis.jdbc.SQL() {{ SELECT("*"); FROM("account"); }}.toString(); } } | SelectProvider(type = shop.users.Provider.Sql.class, method = "f")
      public static class Base { public String f() { return "select * from account"; } } public static class Sql extends Base {} | SelectProvider(type = shop.users.Provider.Sql.class, method = "f")
      """)
  void areTheMappersWhereAnotherModuleProvidesThem(String provider, String annotation) throws IOException {
    shop.with("users/Provider", provider).with("orders/Violating", MAPPER.formatted(annotation)).with("users/Own", MAPPER.formatted(annotation));

    SchemaScan scan = SchemaScan.of(OWNERSHIP, shop.compiled());

    assertThat(scan.violations()).extracting(Finding::message).singleElement().asString()
        .startsWith("Module 'orders' reads users.account, which module 'users' owns, in shop.orders.Violating$Mapper, method find(long)");
    assertThat(scan.unknown()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"static class Sql { public String f(String s) { return s; } }", "static class Sql { public String f(java.util.Map<String, String> m) { return m.get(\"sql\"); } }"})
  void thatArePutInAreListed(String provider) throws IOException {
    SchemaScan scan = SchemaScan.of(OWNERSHIP, shop.with("orders/Open", provider + MAPPER.formatted("SelectProvider(type = Sql.class, method = \"f\")")).compiled());

    assertThat(scan.unknown()).singleElement().satisfies(unknown -> assertThat(unknown.location()).startsWith("shop.orders.Open$Sql, method f("));
  }

  @Test
  void whoseClassWasNotReadAreListed() throws IOException {
    SchemaScan scan = SchemaScan.of(OWNERSHIP, shop.with("orders/Open", MAPPER.formatted("SelectProvider(type = String.class, method = \"f\")")).compiled());

    assertThat(scan.unknown()).singleElement().satisfies(unknown -> {
      assertThat(unknown.statement()).isEqualTo("java.lang.String.f()");
      assertThat(unknown.reason()).isEqualTo("the method that provides the statement is not among the classes that were read");
    });
  }
}
