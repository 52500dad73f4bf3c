package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shapes of code in which a table of another module hides: each is found, or listed as not known. */
class NothingIsDroppedTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.parse("""
      modules:
        orders: { packages: [shop.orders], schemas: [orders], default-schema: orders }
        users: { packages: [shop.users], schemas: [users] }
      """);
  private static final String STATEMENT = "java.sql.Statement s";

  @TempDir
  private Path folder;

  private CompiledShop shop;

  @BeforeEach
  void writeLibraries() throws IOException {
    shop = new CompiledShop(folder)
        .withSource("org/apache/ibatis/jdbc/AbstractSQL", "package org.apache.ibatis.jdbc; public abstract class AbstractSQL<T> {"
            + " public T FROM(String t) { return null; } public T DELETE_FROM(String t) { return null; } }")
        .withSource("org/apache/ibatis/jdbc/SQL", "package org.apache.ibatis.jdbc; public class SQL extends AbstractSQL<SQL> {}")
        .withSource("org/springframework/jdbc/core/simple/SimpleJdbcInsert", "package org.springframework.jdbc.core.simple;"
            + " public class SimpleJdbcInsert { public SimpleJdbcInsert withSchemaName(String s) { return this; }"
            + " public SimpleJdbcInsert withTableName(String t) { return this; } public void setTableName(String t) {}"
            + " public SimpleJdbcInsert usingColumns(String... c) { return this; } }")
        .withSource("org/springframework/jdbc/support/incrementer/PostgresSequenceMaxValueIncrementer",
            "package org.springframework.jdbc.support.incrementer; public class PostgresSequenceMaxValueIncrementer {"
            + " public PostgresSequenceMaxValueIncrementer(javax.sql.DataSource d, String s) {} public void setIncrementerName(String s) {} }")
        .withSource("org/jooq/Name", "package org.jooq; public interface Name {}")
        .withSource("org/jooq/Table", "package org.jooq; public interface Table {}")
        .withSource("org/jooq/impl/DSL", "package org.jooq.impl; import org.jooq.*; public class DSL {"
            + " public static Name name(String... n) { return null; } public static Table table(Name n) { return null; }"
            + " public static Object sequence(Name n) { return null; } }")
        .withSource("org/jooq/SelectJoinStep", "package org.jooq; public interface SelectJoinStep {"
            + " SelectJoinStep from(String sql); SelectJoinStep leftJoin(String sql); SelectJoinStep join(Table t); }");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '^', value = {
      "String run() { return new org.apache.ibatis.jdbc.SQL() {{ FROM(\"users.account a\"); }}.toString(); }",
      "String run() { return new org.apache.ibatis.jdbc.SQL() {{ DELETE_FROM(\"users.account\"); }}.toString(); }",
      "Object run(org.springframework.jdbc.core.simple.SimpleJdbcInsert i) { return i.withSchemaName(\"users\").withTableName(\"account\"); }",
      "Object run() { return org.jooq.impl.DSL.table(org.jooq.impl.DSL.name(\"users\", \"account\")); }",
      "Object run() { return org.jooq.impl.DSL.sequence(org.jooq.impl.DSL.name(\"users\", \"account\")); }",
      "void run(org.springframework.jdbc.core.simple.SimpleJdbcInsert i) { i.setTableName(\"users.account\"); }",
      "Object run(javax.sql.DataSource d) { return new org.springframework.jdbc.support.incrementer.PostgresSequenceMaxValueIncrementer("
          + "d, \"users.account\"); }",
      "Object run(org.jooq.SelectJoinStep q) { return q.from(\"users.account\"); }",
      "Object run(org.jooq.SelectJoinStep q) { return q.from(\"orders.item i\").leftJoin(\"users.account a\"); }",
      "void run(java.util.function.Consumer<String[]> db, int i) { String[] s = new String[9]; s[i++] = \"delete from users.account\"; db.accept(s); }",
      "void run(java.util.function.Consumer<String> db, String id) { db.accept(\"delete from users.account where id = :id\".replaceAll(\":id\", id)); }",
      "void run(java.util.function.Consumer<String> db) { for (String s : \"delete from users.account;commit\".split(\";\")) { db.accept(s); } }",
      "Object run(org.springframework.jdbc.core.simple.SimpleJdbcInsert i) { return i.withSchemaName(\"users\").usingColumns(\"x\").withTableName(\"account\"); }",
      "String run() { var sql = new StringBuilder(\"users.account\"); return sql.insert(0, \"select 1 from \").toString(); }",
      "String run() { var sql = new java.util.StringJoiner(\" \"); sql.add(\"select 1\"); sql.add(\"from users.account\"); return sql.toString(); }",
      "String run() { var sql = new java.util.ArrayList<String>(); sql.add(\"select 1\"); sql.add(\"from\"); sql.add(\"users.account\");"
          + " return String.join(\" \", sql); }"})
  void theCrossingIsFound(String body) throws IOException {
    assertThat(SchemaScan.of(OWNERSHIP, shop.with("orders/Report", body).compiled()).violations())
        .singleElement().satisfies(finding -> assertThat(finding.table()).isEqualTo("users.account"));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '^', value = {
      "String run() { return new org.apache.ibatis.jdbc.SQL() {{ FROM(\"orders.item a\"); }}.toString(); }",
      "Object run(org.springframework.jdbc.core.simple.SimpleJdbcInsert i) { return i.withSchemaName(\"orders\").withTableName(\"account\"); }",
      "String run() { var sql = new StringBuilder(\"orders.account\"); return sql.insert(0, \"select 1 from \").toString(); }",
      "String run() { var sql = new java.util.StringJoiner(\" \"); sql.add(\"select 1\"); sql.add(\"from orders.account\"); return sql.toString(); }",
      "String run() { var sql = new java.util.ArrayList<String>(); sql.add(\"select 1\"); sql.add(\"from\"); sql.add(\"orders.account\");"
          + " return String.join(\" \", sql); }",
      "Object run() { return org.jooq.impl.DSL.table(org.jooq.impl.DSL.name(\"orders\", \"account\")); }",
      "Object run(org.jooq.SelectJoinStep q) { return q.from(\"orders.item i\").leftJoin(\"orders.account a\"); }"})
  void whatStaysAtHomeIsNoFinding(String body) throws IOException {
    SchemaScan scan = SchemaScan.of(OWNERSHIP, shop.with("orders/Report", body).compiled());

    assertThat(scan.violations()).isEmpty();
    assertThat(scan.unknown()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '^', value = {
      "void run(" + STATEMENT + ", String from) throws Exception { s.execute(\"select a.name \" + from + \" where a.id = 1\"); } "
          + "| select a.name … where a.id = 1",
      "Object run(jakarta.persistence.EntityManager t, java.util.stream.Stream<String> all) { return all.map(t::createNativeQuery); } | …",
      "interface Names { @org.springframework.data.jdbc.repository.query.Query(\"select * from #{@names.table}\") Object all(); } | select * from #{@names.table}",
      "interface Names { @org.springframework.data.jdbc.repository.query.Query(\"delete from #{#schema}.account\") void none(); } | delete from #{#schema}.account",
      "void run(" + STATEMENT + ", String rest) throws Exception { s.execute(\"delete \" + rest); } | delete …",
      "static class Db extends org.springframework.jdbc.core.JdbcTemplate { } void run(Db db, String sql) { db.update(sql); } | …"})
  void aHoleWhereTheTablesBelongIsListed(String body, String statement) throws IOException {
    assertThat(SchemaScan.of(OWNERSHIP, shop.with("orders/Report", body).compiled()).unknown())
        .singleElement().satisfies(unknown -> assertThat(unknown.statement()).isEqualTo('"' + statement + '"'));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "interface Base<T> extends org.springframework.data.jpa.repository.JpaRepository<T, Long> {} | Base<shop.users.Account>",
      "interface Dao<I, T> extends org.springframework.data.jpa.repository.JpaRepository<T, I> {} | Dao<Long, shop.users.Account>"})
  void aRepositoryOverABaseOfItsOwnIsFound(String base, String extended) throws IOException {
    String account = "package shop.users; @jakarta.persistence.Entity @jakarta.persistence.Table(schema = \"users\") public class Account {}";
    shop.withSource("shop/users/Account", account).withSource("shop/orders/Base", "package shop.orders; " + base)
        .withSource("shop/orders/Accounts", "package shop.orders; public interface Accounts extends " + extended + " {}");

    assertThat(SchemaScan.of(OWNERSHIP, shop.compiled()).violations()).extracting(Finding::location)
        .containsExactly("shop.orders.Accounts, its supertypes");
  }

  @ParameterizedTest
  @CsvSource({"orders, false", "users, true"})
  void aTableIsItsOwnersWhateverItIsCalled(String module, boolean crosses) throws IOException {
    SchemaOwnership ownership = SchemaOwnership.parse("modules: { orders: { packages: [shop.orders], tables: [public.users_account] },"
        + " users: { packages: [shop.users], schemas: [users] } }");
    Path classes = shop.with(module + "/Report", "String sql = \"select * from users_account where id = 1\";").compiled();

    assertThat(SchemaScan.of(ownership, classes).violations()).extracting(finding -> finding.owner() + " " + finding.table())
        .isEqualTo(crosses ? List.of("orders public.users_account") : List.of());
  }

  /** The base and the embeddable are at home where they are; the column lies in the table of the order. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '^', value = {
      "class Item extends shop.users.Base | @MappedSuperclass public class Base { @ManyToOne Account by; }",
      "class Item { @Embedded shop.users.Base base; | @Embeddable public class Base { @ManyToOne shop.users.Account by; }",
      "class Item extends shop.users.Base | @MappedSuperclass public class Base { @JoinTable(schema = \"users\", name = \"account\") java.util.List<Long> x; }",
      "class Item { @ElementCollection java.util.Map<shop.users.Account, String> names; | @MappedSuperclass public class Base {}",
      "class Item { @Column(columnDefinition = \"bigint default nextval('users.account')\") long n; | @MappedSuperclass public class Base {}",
      "class Item { @JoinColumn(foreignKey = @ForeignKey(foreignKeyDefinition = \"foreign key (a) references users.account\")) long n; "
          + "| @MappedSuperclass public class Base {}"})
  void whatABaseOrADefinitionMapsIsTheEntitys(String item, String base) throws IOException {
    shop.withSource("shop/users/Account", "package shop.users; import jakarta.persistence.*;"
        + " @Entity @Table(schema = \"users\") public class Account { @Id long id; }")
        .withSource("shop/users/Base", "package shop.users; import jakarta.persistence.*; " + base)
        .withSource("shop/orders/Item", "package shop.orders; import jakarta.persistence.*; @Entity @Table(schema = \"orders\") "
            + (item.contains("{") ? item : item + " {") + " @Id long id; }");

    assertThat(SchemaScan.of(OWNERSHIP, shop.compiled()).violations())
        .singleElement().satisfies(finding -> assertThat(finding.table()).isEqualTo("users.account"));
  }

  @Test
  void aBaseOfTheOwnModuleIsToldOnce() throws IOException {
    shop.withSource("shop/users/Account", "package shop.users; import jakarta.persistence.*;"
        + " @Entity @Table(schema = \"users\") public class Account { @Id long id; }")
        .withSource("shop/orders/Base", "package shop.orders; import jakarta.persistence.*;"
            + " @MappedSuperclass public class Base { @ManyToOne shop.users.Account by; }")
        .withSource("shop/orders/Item", "package shop.orders; import jakarta.persistence.*; @Entity public class Item extends Base {"
            + " @Id long id; @Column(columnDefinition = \"public.citext not null\") String name; }");

    SchemaScan scan = SchemaScan.of(OWNERSHIP, shop.compiled());
    assertThat(scan.violations()).hasSize(1);
    assertThat(scan.unknown()).isEmpty();
  }

  @Test
  void aScriptInUtf16IsRead() throws IOException {
    Path script = Files.createDirectories(folder.resolve("windows/db/migration/orders")).resolve("V1__account.sql");
    Files.write(script, "delete from users.account".getBytes(StandardCharsets.UTF_16));

    assertThat(SchemaScan.of(OWNERSHIP, folder.resolve("windows")).violations())
        .singleElement().satisfies(finding -> assertThat(finding.table()).isEqualTo("users.account"));
  }

  @Test
  void aSelectWithoutTablesIsNotListed() throws IOException {
    String body = "void run(" + STATEMENT + ", long key) throws Exception { s.execute(\"select pg_advisory_lock(\" + key + \")\"); }";

    assertThat(SchemaScan.of(OWNERSHIP, shop.with("orders/Report", body).compiled()).unknown()).isEmpty();
  }

  @Test
  void moreTablesThanAreFollowedLeaveAHole() throws IOException {
    String calls = IntStream.range(0, 40).mapToObj(i -> "all(\"orders.t" + i + "\");").collect(Collectors.joining());
    String body = "private String all(String table) { return \"select * from \" + table; } void run() { " + calls + " all(\"users.account\"); }";

    assertThat(SchemaScan.of(OWNERSHIP, shop.with("orders/Report", body).compiled()).unknown())
        .singleElement().satisfies(unknown -> assertThat(unknown.statement()).isEqualTo("\"select * from …\""));
  }

  @Test
  void everyStatementOfALongArrayIsRead() throws IOException {
    String own = IntStream.range(0, 70).mapToObj(i -> "\"delete from orders.t" + i + "\",").collect(Collectors.joining());

    assertThat(SchemaScan.of(OWNERSHIP, shop.with("orders/Report", "static String[] ALL = {" + own + "\"delete from users.account\"};").compiled())
        .violations()).hasSize(1);
  }

  @Test
  void anAnnotationWithTheWholeStatementAsAHoleIsListed() throws IOException {
    Path classes = shop.withSource("shop/orders/Mapper", "package shop.orders; public interface Mapper {"
        + " @org.apache.ibatis.annotations.Select(\"${sql}\") Object run(String sql); }").compiled();

    assertThat(SchemaScan.of(OWNERSHIP, classes).unknown()).extracting(Unknown::statement).containsExactly("\"${sql}\"");
  }

  @Test
  void anIncludedPartOfAnotherMapperIsNotTheOneOfTheSameNameHere() throws IOException {
    Path classes = shop.withFile("Items.xml", "<mapper namespace=\"shop.orders.Items\"><sql id=\"from\">orders.item</sql>"
        + "<select id=\"own\">select * from <include refid=\"shop.orders.Items.from\"/></select>"
        + "<select id=\"other\">select * from <include refid=\"shop.users.Accounts.from\"/></select></mapper>").compiled();

    assertThat(SchemaScan.of(OWNERSHIP, classes).unknown()).extracting(Unknown::location).containsExactly("Items.xml, select other");
  }

  @Test
  void aQueryOverAStrangersEntityInAMappingFileIsListed() throws IOException {
    Path classes = shop.withFile("META-INF/orm.xml", "<entity-mappings><named-query name=\"all\"><query>select a from Account a</query>"
        + "</named-query></entity-mappings>").compiled();

    assertThat(SchemaScan.of(OWNERSHIP, classes).unknown()).extracting(Unknown::location, Unknown::reason)
        .containsExactly(tuple("META-INF/orm.xml, named-query all", "entity 'Account' is not among the classes that were read"));
  }

  @Test
  void aScriptInAnOldEncodingIsRead() throws IOException {
    Path classes = shop.withFile("db/migration/orders/V1__old.sql", "").compiled();
    Path script = classes.resolve("db/migration/orders/V1__old.sql");
    Files.write(script, "-- Größe\ndelete from users.account;".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(SchemaScan.of(OWNERSHIP, classes).violations()).hasSize(1);
    assertThat(SchemaRules.migrationsTouchOnlyTheirOwnSchema(OWNERSHIP, classes).violations()).hasSize(1);
  }
}
