package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Statements that are put together over several classes. Each shape twice: of another module's table, and of an own one. */
class HandedOverTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.parse("""
      modules:
        orders: { packages: [shop.orders], schemas: [orders] }
        users: { packages: [shop.users], schemas: [users] }
      """);
  private static final String JDBC = "org.springframework.jdbc.core.JdbcTemplate jdbc";

  @TempDir
  private Path folder;

  private CompiledShop shop;

  @BeforeEach
  void writeHelpers() throws IOException {
    shop = new CompiledShop(folder)
        .with("common/Queries", "public static String count(String table) { return \"select count(*) from \" + table; }"
            + " public static void delete(" + JDBC + ", String schema, String table) { jdbc.update(remove(schema + \".\" + table)); }"
            + " private static String remove(String table) { return \"delete from \" + table + \" where old\"; }"
            + " public static void add(org.springframework.jdbc.core.simple.SimpleJdbcInsert insert, String table) { insert.withTableName(table); }"
            + " public static Object all(jakarta.persistence.EntityManager em, String entity) { return em.createQuery(\"from \" + entity); }")
        .with("common/Dao", "private final String table; protected Dao(String table) { this.table = table; }"
            + " protected String all() { return \"select * from \" + table; }"
            + " protected String one(String from) { return \"select 1 from \" + from; }")
        .with("common/Tables", "public static String account() { return \"users\".concat(\".account\"); }"
            + " public static String item() { return \"orders\".concat(\".item\"); }")
        .withSource("shop/common/Db", "package shop.common; public interface Db { void send(String label, String sql) throws Exception; }")
        .withSource("shop/common/JdbcDb", "package shop.common; public class JdbcDb implements Db { java.sql.Connection c;"
            + " public void send(String label, String sql) throws Exception { c.prepareStatement(sql).execute(); } }")
        .with("common/Counting", "public static String all(String table) { return Queries.count(table); }")
        .withSource("shop/common/Names", "package shop.common; public interface Names { String ACCOUNT = \"users\".concat(\".account\");"
            + " String ITEM = \"orders\".concat(\".item\"); }")
        .withSource("shop/common/MoreNames", "package shop.common; public class MoreNames implements Names {}")
        .withSource("shop/common/Base", "package shop.common; public abstract class Base { protected abstract String table();"
            + " protected String all() { return \"select * from \" + table(); } }")
        .with("common/Query", "private final StringBuilder sql = new StringBuilder(\"select *\");"
            + " public Query from(String table) { sql.append(\" from \").append(table); return this; }")
        .with("users/Accounts", "public static String named(String name) { return \"select * from users.account where name = '\" + name + \"'\"; }");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '^', value = {
      "String run() { return shop.common.Queries.count(\"users.account\"); } | reads | method run() | select count(*) from users.account",
      "void run(" + JDBC + ") { shop.common.Queries.delete(jdbc, \"users\", \"account\"); } | writes | method run(JdbcTemplate) "
          + "| delete from users.account where old",
      "void run(org.springframework.jdbc.core.simple.SimpleJdbcInsert i) { shop.common.Queries.add(i, \"users.account\"); } "
          + "| writes | method run(SimpleJdbcInsert) | users.account",
      "static class Mine extends shop.common.Dao { Mine() { super(\"users.account\"); } } | reads | Mine | select * from users.account",
      "static class Mine extends shop.common.Dao { Mine() { super(\"x\"); } String run() { return one(\"users.account\"); } } "
          + "| reads | Mine | select 1 from users.account",
      "void run(" + JDBC + ") { jdbc.update(\"truncate table \" + shop.common.Tables.account()); } | writes | method run(JdbcTemplate) "
          + "| truncate table users.account",
      "String run() { return shop.common.Counting.all(\"users.account\"); } | reads | method run() | select count(*) from users.account",
      "String run() { return \"delete from \" + shop.common.MoreNames.ACCOUNT; } | writes | method run() | delete from users.account",
      "static class Mine implements shop.common.Names { String run() { return \"delete from \" + ACCOUNT; } } | writes | Mine | delete from users.account",
      "static class Mine extends shop.common.Base { protected String table() { return \"users.account\"; } } "
          + "| reads | Mine, method table() | select * from users.account",
      "Object run() { return new shop.common.Query().from(\"users.account\"); } | reads | method run() | select * from users.account"})
  void areTheCallersWhoNamesTheTable(String body, String verb, String where, String statement) throws IOException {
    List<Finding> findings = SchemaScan.of(OWNERSHIP, shop.with("orders/Report", body).compiled()).violations();

    assertThat(findings).singleElement().satisfies(finding -> {
      assertThat(finding.message()).startsWith("Module 'orders' %s users.account, which module 'users' owns, in shop.orders.Report".formatted(verb))
          .contains(where, "(Report.java:1): \"" + statement + "\". ");
      assertThat(finding.line()).isEqualTo(1);
    });
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '^', value = {
      "String run() { return shop.common.Queries.count(\"orders.item\"); }",
      "void run(" + JDBC + ") { shop.common.Queries.delete(jdbc, \"orders\", \"item\"); }",
      "void run(org.springframework.jdbc.core.simple.SimpleJdbcInsert i) { shop.common.Queries.add(i, \"orders.item\"); }",
      "static class Mine extends shop.common.Dao { Mine() { super(\"orders.item\"); } String run() { return one(\"orders.item\"); } }",
      "void run(" + JDBC + ") { jdbc.update(\"truncate table \" + shop.common.Tables.item()); }",
      "String run() { return shop.common.Counting.all(\"orders.item\"); }",
      "String run() { return \"delete from \" + shop.common.MoreNames.ITEM; }",
      "static class Mine implements shop.common.Names { String run() { return \"delete from \" + ITEM; } }",
      "static class Mine extends shop.common.Base { protected String table() { return \"orders.item\"; } }",
      "Object run() { return new shop.common.Query().from(\"orders.item\"); }",
      "String run() { return shop.users.Accounts.named(\"users.account\"); }",
      "String run() { return shop.users.Accounts.named(\"x' or 1 = 1 --\"); }"})
  void areNobodysFaultWhereTheCallerNamesAnOwnTableOrNone(String body) throws IOException {
    assertThat(SchemaScan.of(OWNERSHIP, shop.with("orders/Report", body).compiled()).violations()).isEmpty();
  }

  @Test
  void aStatementOfAnotherModuleThatIsSentHereIsFoundHere() throws IOException {
    Path classes = shop.with("users/Sql", "public static String all() { return \"select * from users.\".concat(\"account\"); }")
        .with("orders/Report", "void run(java.sql.Statement s) throws Exception { s.execute(shop.users.Sql.all()); }").compiled();

    assertThat(SchemaScan.of(OWNERSHIP, classes).violations()).extracting(Finding::location)
        .containsExactly("shop.orders.Report, method run(Statement)");
  }

  /** A helper that sends what it gets makes a statement of anything, as the library's own methods do; its label is none. */
  @Test
  void aStatementOfAnotherModuleThatAHelperSendsIsFoundHere() throws IOException {
    Path classes = shop.with("users/Sql", "public static String all() { return \"select * from users.\".concat(\"account\"); }")
        .with("orders/Report", "void run(shop.common.Db db) throws Exception { db.send(\"select a from users.account\", shop.users.Sql.all()); }")
        .with("orders/Own", "void run(shop.common.Db db) throws Exception { db.send(\"Update account\", \"select * from orders.item\"); }").compiled();

    assertThat(SchemaScan.of(OWNERSHIP, classes).violations()).extracting(Finding::location, Finding::statement)
        .contains(tuple("shop.orders.Report, method run(Db)", "\"select * from users.account\""))
        .noneMatch(each -> each.toList().contains("shop.orders.Own, method run(Db)"));
  }

  @Test
  void aStatementOfAnotherModuleThatIsHandedBackToItIsNot() throws IOException {
    Path classes = shop.with("users/Sql", "public static String all() { return \"select * from users.\".concat(\"account\"); }")
        .with("users/Sender", "public void send(java.sql.Statement s, String sql) throws Exception { s.execute(sql); }")
        .with("orders/Report", "void run(shop.users.Sender u, java.sql.Statement s) throws Exception { u.send(s, shop.users.Sql.all()); }").compiled();

    assertThat(SchemaScan.of(OWNERSHIP, classes).violations()).isEmpty();
  }

  /** What the class in between names is its own. */
  @Test
  void aTableThatAClassInBetweenNamesIsNotTheCallers() throws IOException {
    Path classes = shop.with("common/Where", "public static String all(String table, String where) { return \"select * from \" + table + where; }")
        .with("users/Finding", "public static String where(String where) { return shop.common.Where.all(\"users.account\", where); }")
        .with("orders/Report", "String run() { return shop.users.Finding.where(\" where x = 1\"); }").compiled();

    assertThat(SchemaScan.of(OWNERSHIP, classes).violations()).isEmpty();
  }

  /** A logger of one's own writes for people, as a library's does. */
  @Test
  void whatALoggerOfTheCodeBaseIsToldIsNoStatement() throws IOException {
    Path classes = shop.with("common/AuditLogger", "public void info(String text, Object... more) {} public void put(String text) {}")
        .with("orders/Report", "void run(shop.common.AuditLogger log) { log.info(\"delete from users.account where id = {}\", 1); }").compiled();

    assertThat(SchemaScan.of(OWNERSHIP, classes).violations()).isEmpty();
    assertThat(SchemaScan.of(OWNERSHIP, shop.with("orders/Report", "void run(shop.common.AuditLogger log) {"
        + " log.put(\"delete from users.account where id = 1\"); }").compiled()).violations()).hasSize(1);
  }

  @Test
  void aStatementOfTheSameModuleIsFoundOnceWhereItStands() throws IOException {
    Path classes = shop.with("orders/Sql", "public static String all() { return \"select * from users.\".concat(\"account\"); }")
        .with("orders/Report", "void run(java.sql.Statement s) throws Exception { s.execute(Sql.all()); }").compiled();

    assertThat(SchemaScan.of(OWNERSHIP, classes).violations()).extracting(Finding::location).containsExactly("shop.orders.Sql, method all()");
  }

  @Test
  void whatRemainsAHoleIsListed() throws IOException {
    Path classes = shop.with("orders/Report", "String run(String table) { return shop.common.Queries.count(table); }").compiled();

    assertThat(SchemaScan.of(OWNERSHIP, classes).unknown()).extracting(Unknown::location, Unknown::statement)
        .contains(tuple("shop.common.Queries, method count(String)", "\"select count(*) from …\""));
  }

  /** An overriding method may give back another table: then both are possible. */
  @Test
  void aResultThatASubclassMayReplaceLeavesAHole() throws IOException {
    Path classes = shop.with("orders/Names", "public String table() { return \"orders\".concat(\".item\"); }")
        .with("orders/Report", "String run(Names names) { return \"select * from \" + names.table(); }").compiled();

    assertThat(SchemaScan.of(OWNERSHIP, classes).unknown()).extracting(Unknown::location).contains("shop.orders.Report, method run(Names)");
  }

  @Test
  void aMethodThatCannotBeFollowedIsListedAndItsStringsAreRead() throws IOException {
    Files.createDirectories(folder.resolve("classes/shop/orders"));
    Files.write(folder.resolve("classes/shop/orders/Broken.class"), broken());

    SchemaScan scan = SchemaScan.of(OWNERSHIP, folder.resolve("classes"));

    assertThat(scan.violations()).extracting(Finding::statement).containsExactly("\"delete from users.account where id = 1\"");
    assertThat(scan.unknown()).extracting(Unknown::location, Unknown::reason).containsExactly(tuple(
        "shop.orders.Broken, method run()", "its instructions cannot be followed (AnalyzerException)"));
    assertThat(scan.coverage()).isEqualTo(new Coverage(2, 1, 0, 1));
  }

  /** Takes more from the stack than there is, as no compiler would write it. */
  private static byte[] broken() {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, "shop/orders/Broken", null, "java/lang/Object", null);
    MethodVisitor method = writer.visitMethod(Opcodes.ACC_STATIC, "run", "()V", null, null);
    method.visitCode();
    method.visitLdcInsn("delete from users.account where id = 1");
    method.visitInsn(Opcodes.POP);
    method.visitInsn(Opcodes.POP);
    method.visitInsn(Opcodes.RETURN);
    method.visitMaxs(1, 0);
    method.visitEnd();
    writer.visitEnd();
    return writer.toByteArray();
  }
}
