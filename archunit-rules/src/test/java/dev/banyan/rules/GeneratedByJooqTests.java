package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.rules.report.Readiness;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Routines, sequences and functions that give tables, as jOOQ generates classes for them, each in the package of its module. */
class GeneratedByJooqTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.parse("""
      modules:
        orders: { packages: [shop.orders], schemas: [orders] }
        users: { packages: [shop.users], schemas: [users] }
      """);

  @TempDir
  private Path folder;

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      void run(Object c) { shop.MODULE.jooq.Routines.touch(c, 1L); }                         | calls users.touch()
      Object run() { return shop.MODULE.jooq.Routines.total(1L); }                           | calls users.total()
      void run(Object c) { var t = new shop.MODULE.jooq.routines.Touch(); t.execute(c); }    | calls users.touch()
      void run(java.util.List<Object> l) { l.forEach(shop.MODULE.jooq.Routines::touch); }    | calls users.touch()
      void run(Object c) { shop.MODULE.jooq.packages.Api.rename(c, 1L); }                    | calls users.api.rename()
      void run(Object c) { new shop.MODULE.jooq.packages.api.Rename().execute(c); }          | calls users.api.rename()
      Object run() { return shop.MODULE.jooq.Tables.FIND("x"); }                             | reads users.find
      Object run() { return shop.MODULE.jooq.Routines.find("x"); }                           | reads users.find
      Object run(org.jooq.DSLContext c) { return c.nextval(shop.MODULE.jooq.Sequences.SECOND_SEQ); } | refers to users.second_seq
      Object run(org.jooq.DSLContext c) { return c.nextval("MODULE.second_seq"); }           | refers to users.second_seq
      Object run() { return new shop.MODULE.jooq.tables.Find(); }                            | reads users.find
      Object run() { return new shop.MODULE.jooq.tables.records.FindRecord(); }              | writes users.find
      """)
  void areCrossingsWhereAnotherModuleUsesThem(String body, String said) throws IOException {
    CompiledShop shop = generated(generated(library(), "users"), "orders").with("orders/Violating", body.replace("MODULE", "users"))
        .with("users/Own", body.replace("MODULE", "users")).with("orders/Clean", body.replace("MODULE", "orders"));

    SchemaScan scan = SchemaScan.of(OWNERSHIP, shop.compiled());

    assertThat(scan.violations()).extracting(Finding::message).singleElement().asString()
        .startsWith("Module 'orders' %s, which module 'users' owns, in shop.orders.Violating, method run(".formatted(said));
    assertThat(scan.unknown()).isEmpty();
  }

  @Test
  void aSequenceIsASharedOne() throws IOException {
    CompiledShop shop = generated(library(), "users").with("orders/Violating",
        "Object run(org.jooq.DSLContext c) { return c.nextval(shop.users.jooq.Sequences.FIRST_SEQ); }");

    assertThat(Readiness.of(SchemaScan.of(OWNERSHIP, shop.compiled()))).extracting(Readiness::line)
        .allSatisfy(line -> assertThat(line).contains("1 shared sequences"));
  }

  private CompiledShop library() throws IOException {
    return new CompiledShop(folder)
        .withSource("org/jooq/Sequence", "package org.jooq; public interface Sequence<T> {}")
        .withSource("org/jooq/DSLContext", "package org.jooq; public interface DSLContext { Object nextval(Sequence<?> s); Object nextval(String s); }")
        .withSource("org/jooq/impl/SchemaImpl", "package org.jooq.impl; public class SchemaImpl { public SchemaImpl(String name, Object o) {} }")
        .withSource("org/jooq/impl/PackageImpl", "package org.jooq.impl; public class PackageImpl { public PackageImpl(String name, SchemaImpl s) {} }")
        .withSource("org/jooq/impl/TableImpl", "package org.jooq.impl; public class TableImpl<R> { public TableImpl(String name) {} public SchemaImpl getSchema() { return null; } }")
        .withSource("org/jooq/impl/UpdatableRecordImpl", "package org.jooq.impl; public class UpdatableRecordImpl<R> { public UpdatableRecordImpl(TableImpl<?> t) {} }")
        .withSource("org/jooq/impl/Internal", "package org.jooq.impl; public class Internal { public static <T> org.jooq.Sequence<T> createSequence(String n, SchemaImpl s) { return null; } }")
        .withSource("org/jooq/impl/AbstractRoutine", "package org.jooq.impl; public abstract class AbstractRoutine<T> { protected AbstractRoutine(String n, SchemaImpl s) {}"
            + " protected AbstractRoutine(String n, SchemaImpl s, PackageImpl p) {} public int execute(Object c) { return 0; } }");
  }

  private static CompiledShop generated(CompiledShop shop, String module) throws IOException {
    String home = "shop/" + module + "/jooq/";
    String name = "shop." + module + ".jooq";
    return shop
        .withSource(home + "Schema", "package %s; public class Schema extends org.jooq.impl.SchemaImpl { public static final Schema IT = new Schema();"
            .formatted(name) + " private Schema() { super(\"%s\", null); } }".formatted(module))
        .withSource(home + "Routines", "package %1$s; public class Routines { public static void touch(Object c, Long id) { var p = new %1$s.routines.Touch(); p.execute(c); }"
            .formatted(name) + " public static void touch(Object c) { touch(c, 1L); new %1$s.routines.Touch(); } public static Object total(Long id) { return new %1$s.routines.Total(); }"
            .formatted(name) + " public static Object find(String n) { return %s.tables.Find.FIND; } }".formatted(name))
        .withSource(home + "Tables", "package %1$s; public class Tables { public static Object FIND(String n) { return %1$s.tables.Find.FIND; } }".formatted(name))
        .withSource(home + "Sequences", ("package %s; public class Sequences { public static final org.jooq.Sequence<Long> FIRST_SEQ ="
            + " org.jooq.impl.Internal.createSequence(\"first_seq\", Schema.IT); public static final org.jooq.Sequence<Long> SECOND_SEQ ="
            + " org.jooq.impl.Internal.createSequence(\"second_seq\", Schema.IT); }").formatted(name))
        .withSource(home + "routines/Touch", routine(name, "routines", "Touch", "touch"))
        .withSource(home + "routines/Total", routine(name, "routines", "Total", "total"))
        .withSource(home + "packages/Api", ("package %1$s.packages; public class Api extends org.jooq.impl.PackageImpl { public static final Api API = new Api();"
            + " public static void rename(Object c, Long id) { new %1$s.packages.api.Rename().execute(c); } private Api() { super(\"api\", %1$s.Schema.IT); } }").formatted(name))
        .withSource(home + "packages/api/Rename", routine(name, "packages.api", "Rename", "rename").replace("Schema.IT", "Schema.IT, %s.packages.Api.API".formatted(name)))
        .withSource(home + "tables/Find", ("package %1$s.tables; public class Find extends org.jooq.impl.TableImpl<Object> { public static final Find FIND = new Find();"
            + " public Find() { super(\"find\"); } public org.jooq.impl.SchemaImpl getSchema() { return %1$s.Schema.IT; } }").formatted(name))
        .withSource(home + "tables/records/FindRecord", ("package %1$s.tables.records; public class FindRecord extends org.jooq.impl.UpdatableRecordImpl<FindRecord> {"
            + " public FindRecord() { super(%1$s.tables.Find.FIND); } }").formatted(name));
  }

  private static String routine(String home, String folder, String type, String name) {
    return "package %1$s.%2$s; public class %3$s extends org.jooq.impl.AbstractRoutine<Void> { public %3$s() { super(\"%4$s\", %1$s.Schema.IT); } }"
        .formatted(home, folder, type, name);
  }
}
