package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shapes of code and files that real code bases hold, each with what a person reads in it. */
class OddShapesTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.parse("""
      modules:
        orders: { packages: [shop.orders], schemas: [orders], default-schema: orders }
        users: { packages: [shop.users], schemas: [users], default-schema: users }
      """);

  private static final String JDBC = "java.sql.Statement s";
  private static final String QUERY = "@org.springframework.data.jpa.repository.Query";
  private static final String JOOQ = "org.jooq.DSLContext c";

  private static final List<String> CODE = List.of(
      // text blocks and comments
      "void run(" + JDBC + ") throws Exception { s.execute(\"-- from orders.item\\n/* join users.address */ select *\\nfrom users.account -- , users.address\\n\"); } => reads users.account",
      "void run(" + JDBC + ") throws Exception { s.execute(\"select '--' as dash, 'from users.address' as t from users.account\"); } => reads users.account",
      "void run(" + JDBC + ") throws Exception { s.execute(\"select * from/**/users.account\"); } => reads users.account",
      "void run(" + JDBC + ") throws Exception { s.execute(\"select * from users . account\"); } => reads users.account",
      "void run(" + JDBC + ") throws Exception { s.execute(\"\\ufeffselect * from users.account\"); } => reads users.account",
      "void run(" + JDBC + ") throws Exception { s.execute(\"SELECT*FROM\\\"users\\\".\\\"account\\\"WHERE id=1\"); } => reads users.account",
      "void run(" + JDBC + ") throws Exception { s.execute(\"with moved as (delete from users.account where old returning *) insert into item select * from moved\"); } => writes users.account",
      "void run(" + JDBC + ") throws Exception { s.execute(\"insert into item (id) select id from users.account on conflict (id) do update set id = excluded.id\"); } => reads users.account",
      "void run(" + JDBC + ") throws Exception { s.execute(\"select i.* from item i left join lateral (select * from users.account a where a.id = i.a) x on true\"); } => reads users.account",
      "void run(" + JDBC + ") throws Exception { s.execute(\"select (select max(id) from users.account) + 1\"); } => reads users.account",
      "void run(" + JDBC + ") throws Exception { s.execute(\"explain (analyze, buffers) select 1 from users.account\"); } => reads users.account",
      "void run(" + JDBC + ") throws Exception { s.execute(\"refresh materialized view concurrently users.totals\"); } => writes users.totals",
      "void run(" + JDBC + ") throws Exception { s.execute(\"merge into item i using users.account a on a.id = i.a when matched then delete\"); } => reads users.account",
      // Java
      "void run(" + JDBC + ", boolean b) throws Exception { s.execute(\"select * from \" + (b ? \"users.account\" : \"item\")); } => reads users.account",
      "void run(" + JDBC + ", int k) throws Exception { s.execute(switch (k) { case 1 -> \"delete from users.account\"; default -> \"delete from item\"; }); } => writes users.account",
      "enum Q { A(\"delete from users.account\"); final String q; Q(String q) { this.q = q; } } void run(" + JDBC + ") throws Exception { s.execute(Q.A.q); } => writes users.account",
      "record Sql(String text) {} void run(" + JDBC + ") throws Exception { s.execute(new Sql(\"delete from users.account\").text()); } => writes users.account",
      "static final java.util.Map<String, String> M = java.util.Map.of(\"a\", \"delete from users.account\"); void run(" + JDBC + ") throws Exception { s.execute(M.get(\"a\")); } => writes users.account",
      "void run(" + JDBC + ") throws Exception { var l = java.util.List.of(\"delete from users.account\", \"delete from item\"); for (String q : l) { s.execute(q); } } => writes users.account",
      "void run(" + JDBC + ") throws Exception { java.util.function.Supplier<String> q = () -> \"delete from users.account\"; s.execute(q.get()); } => writes users.account",
      "void run(" + JDBC + ") throws Exception { s.execute(java.util.stream.Stream.of(\"delete\", \"from\", \"users.account\").collect(java.util.stream.Collectors.joining(\" \"))); } => writes users.account",
      "void run(" + JDBC + ") throws Exception { s.execute(java.text.MessageFormat.format(\"delete from users.account where id = {0}\", 1)); } => writes users.account",
      "void run(" + JDBC + ") throws Exception { s.execute(String.format(java.util.Locale.ROOT, \"delete from %s.%s\", \"users\", \"account\")); } => writes users.account",
      "void run(" + JDBC + ") throws Exception { s.execute(\"delete from SCHEMA.account\".replace(\"SCHEMA\", \"users\")); } => writes users.account",
      "static String from(String t) { return \" from \" + t; } void run(" + JDBC + ") throws Exception { s.execute(\"select *\" + from(\"users.account\")); } => reads users.account",
      "interface T { String ACCOUNT = \"users.account\"; } void run(" + JDBC + ") throws Exception { s.execute(\"delete from \" + T.ACCOUNT); } => writes users.account",
      "void run(" + JDBC + ") throws Exception { StringBuilder b = new StringBuilder(); b.append(\"select * from \"); if (b.length() > 3) b.append(\"users.account a\"); s.execute(b.toString()); } => reads users.account",
      "void run(" + JDBC + ") throws Exception { s.execute(\"call users.touch(1)\"); } => calls users.touch()",
      "void run(" + JDBC + ") throws Exception { s.execute(\"begin; delete from users.account; commit\"); } => writes users.account",
      "void run(" + JDBC + ") throws Exception { s.execute(\"select * from item where status in ('a'::users.status, 'b'::users.status)\"); } => refers to users.status (type)",
      "void run(" + JDBC + ") throws Exception { s.execute(\"select users.rank(i.id) over () from item i\"); } => calls users.rank()",
      "void run(" + JDBC + ") throws Exception { s.execute(\"select * from unnest(users.ids(1)) as t(id)\"); } => calls users.ids()",
      "void run(" + JDBC + ") throws Exception { s.execute(\"select array(select id from users.account)\"); } => reads users.account",
      "void run(" + JDBC + ") throws Exception { s.execute(\"select * from item union all (select * from users.account)\"); } => reads users.account",
      "void run(" + JDBC + ") throws Exception { s.execute(\"values (1), ((select max(id) from users.account))\"); } => reads users.account",
      "void run(" + JDBC + ") throws Exception { s.execute(\"select * from (users.account a join item i on i.a = a.id)\"); } => reads users.account",
      "void run(" + JDBC + ") throws Exception { s.execute(\"delete from item using users.account a where a.id = item.a\"); } => reads users.account",
      "void run(" + JDBC + ") throws Exception { s.execute(\"update item set (a, b) = (select 1, 2 from users.account)\"); } => reads users.account",
      "void run(" + JDBC + ") throws Exception { s.execute(\"alter table item add column a bigint default nextval('users.account_seq'::regclass)\"); } => refers to users.account_seq",
      // Spring Data and JPQL
      "interface R { " + QUERY + "(\"select i from Item i where exists (select 1 from Account a where a.id = i.accountId)\") Object f(); } => reads users.account",
      "interface R { " + QUERY + "(value = \"select i from Item i\", countQuery = \"select count(a) from Account a\") Object f(); } => reads users.account",
      "interface R { " + QUERY + "(\"select i from Item i join i.lines l, Account a where a.id = i.accountId\") Object f(); } => reads users.account",
      "interface R { " + QUERY + "(\"select i from Item i left join Account a on a.id = i.accountId\") Object f(); } => reads users.account",
      "interface R { " + QUERY + "(\"update Account set name = null where id in (select i.accountId from Item i)\") int f(); } => writes users.account",
      "interface R { " + QUERY + "(value = \"select * from item i where i.a in (select id from users.account) /*#pageable*/\", nativeQuery = true) Object f(); } => reads users.account",
      "void run(jakarta.persistence.EntityManager m) { m.createQuery(\"select new shop.orders.View(i.id, a.name) from Item i, Account a\"); } => reads users.account",
      "void run(jakarta.persistence.EntityManager m) { m.createQuery(\"select i from shop.orders.Item i, shop.users.Account a\"); } => reads users.account",
      "void run(jakarta.persistence.EntityManager m) { m.createNativeQuery(\"select {a.*} from users.account a\"); } => reads users.account",
      "interface R { " + QUERY + "(\"select i from Item i where i.accountId = (select max(a.id) from Account a where a.home.city = 'x')\") Object f(); } => reads users.account; reads users.address",
      "interface R { " + QUERY + "(\"SELECT a FROM Account a JOIN a.home h WHERE h.city = :city\") Object f(); } => reads users.account; reads users.address",
      "interface R { " + QUERY + "(\"delete Account a where a.id = 1\") int f(); } => writes users.account",
      "interface R { " + QUERY + "(\"from Account\") Object f(); } => reads users.account",
      "interface R { " + QUERY + "(\"select i from Item i where i.accountId in (select id from Account)\") Object f(); } => reads users.account",
      "interface R { " + QUERY + "(\"insert into Item (id, accountId) select a.id, a.id from Account a\") int f(); } => reads users.account",
      "interface R { " + QUERY + "(\"select treat(a as Account).name from Item i, Account a\") Object f(); } => reads users.account",
      // jOOQ
      "Object run(" + JOOQ + ") { return c.resultQuery(\"select * from users.account where id = {0}\", 1); } => reads users.account",
      "Object run(" + JOOQ + ") { return c.resultQuery(\"select * from {0} where id = 1\", org.jooq.impl.DSL.table(\"users.account\")); } => reads users.account",
      "Object run(" + JOOQ + ") { return c.fetchCount(org.jooq.impl.DSL.table(\"users.account\").as(\"a\")); } => reads users.account",
      "Object run(" + JOOQ + ") { return org.jooq.impl.DSL.field(\"(select count(*) from users.account)\"); } => reads users.account",
      "Object run(" + JOOQ + ") { return org.jooq.impl.DSL.table(\"lateral (select * from users.account) a\"); } => reads users.account",
      "Object run(" + JOOQ + ") { return org.jooq.impl.DSL.sql(\"exists (select 1 from users.account)\"); } => reads users.account");

  /** What a reader who is in a hurry would take for a crossing. */
  private static final List<String> AT_HOME = List.of(
      "void run(" + JDBC + ") throws Exception { s.execute(\"select users.name from orders.item users where users.id = 1\"); }",
      "void run(" + JDBC + ") throws Exception { s.execute(\"with account as (select 1 as id) select * from account\"); }",
      "void run(" + JDBC + ") throws Exception { s.execute(\"select json_value(doc, '$.users.account') from item\"); }",
      "void run(" + JDBC + ") throws Exception { s.execute(\"insert into item (id) values (1) on conflict do nothing\"); }",
      "void run(" + JDBC + ") throws Exception { s.execute(\"select * from item where note = 'it''s from users.account'\"); }",
      "void run(" + JDBC + ") throws Exception { s.execute(\"select users.id from item users where users.name in ('a') and users.id(+) = 1\"); }",
      "void run(" + JDBC + ") throws Exception { s.execute(\"select * from item i where i.users = 1 and i.account is null\"); }",
      "void run(" + JDBC + ") throws Exception { s.execute(\"select extract(epoch from users.created) from item users\"); }",
      "void run(" + JDBC + ") throws Exception { s.execute(\"create index users_account on item (account)\"); }",
      "String sql = \"select your users.account(s) from the list\";",
      "String log = \"Could not call users.touch(): timeout\";",
      "String help = \"call users.touch(id) to wake somebody up\";",
      "String text = \"Calls users.touch() once a day\";",
      "String key = \"users.account\";",
      "void run(java.util.Properties p) { p.setProperty(\"users.account\", \"select\"); }",
      "interface R { " + QUERY + "(\"select i from Item i join fetch i.lines\") Object f(); }");

  @TempDir
  private Path folder;

  private CompiledShop shop;

  @BeforeEach
  void writeLibraries() throws IOException {
    shop = new CompiledShop(folder)
        .withSource("org/springframework/data/jpa/repository/Query", "package org.springframework.data.jpa.repository;"
            + " public @interface Query { String value() default \"\"; String countQuery() default \"\"; boolean nativeQuery() default false; String name() default \"\"; }")
        .withSource("org/springframework/data/jpa/repository/JpaRepository", "package org.springframework.data.jpa.repository; public interface JpaRepository<T, I> {}")
        .withSource("org/jooq/Condition", "package org.jooq; public interface Condition {}")
        .withSource("org/jooq/Table", "package org.jooq; public interface Table<R> { Table<R> as(String a); }")
        .withSource("org/jooq/impl/DSL", "package org.jooq.impl; import org.jooq.*; public class DSL { public static Table<?> table(String s, Object... o) { return null; }"
            + " public static Object field(String s) { return null; } public static Object sql(String s, Object... o) { return null; }"
            + " public static Object query(String s) { return null; } public static Condition exists(Object o) { return null; } }")
        .withSource("org/jooq/DSLContext", "package org.jooq; public interface DSLContext { Object resultQuery(String s, Object... o); int execute(String s);"
            + " Object fetchCount(Object t); Object fetchOne(String s); }")
        .withSource("shop/users/Account", "package shop.users; import jakarta.persistence.*; @Entity @Table(schema = \"users\", name = \"account\")"
            + " public class Account { @Id public long id; public String name; @ManyToOne public Address home; }")
        .withSource("shop/users/Address", "package shop.users; import jakarta.persistence.*; @Entity @Table(schema = \"users\", name = \"address\")"
            + " public class Address { @Id public long id; public String city; }")
        .withSource("shop/orders/Item", "package shop.orders; import jakarta.persistence.*; @Entity @Table(schema = \"orders\", name = \"item\")"
            + " public class Item { @Id public long id; public long accountId; @OneToMany public java.util.List<Line> lines; }")
        .withSource("shop/orders/Line", "package shop.orders; import jakarta.persistence.*; @Entity @Table(schema = \"orders\", name = \"line\")"
            + " public class Line { @Id public long id; public int pieces; }");
  }

  /** One compilation for all: each shape is a class of its own. */
  @Test
  void inCodeAreRead() throws IOException {
    for (int i = 0; i < CODE.size(); i++) {
      shop.with("orders/Odd" + i, CODE.get(i).split(" => ")[0]);
    }
    SchemaScan scan = SchemaScan.of(OWNERSHIP, shop.compiled());

    assertThat(IntStream.range(0, CODE.size()).boxed()).allSatisfy(i -> assertThat(found(scan, "shop.orders.Odd" + i)).as(CODE.get(i))
        .containsExactlyInAnyOrder(CODE.get(i).split(" => ")[1].split("; ")));
  }

  @Test
  void thatStayAtHomeAreNone() throws IOException {
    for (int i = 0; i < AT_HOME.size(); i++) {
      shop.with("orders/Odd" + i, AT_HOME.get(i));
    }

    assertThat(SchemaScan.of(OWNERSHIP, shop.compiled()).violations()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(delimiterString = " => ", quoteCharacter = '^', value = {
      "<select id='f'>select <include refid='cols'><property name='a' value='x'/></include> from <include refid='shop.users.Mapper.table'/> x</select> => reads users.account",
      "<sql id='t'>${schema}.account</sql><select id='f'>select * from <include refid='t'><property name='schema' value='users'/></include></select> => reads users.account",
      "<select id='f'><bind name='p' value=\"'%' + q + '%'\"/>select * from <choose><when test='a'>users.account</when><otherwise>orders.item</otherwise></choose></select> => reads users.account",
      "<select id='f'><![CDATA[ select * from users.account where id <> 1 and a < 2 ]]></select> => reads users.account",
      "<insert id='f'><selectKey keyProperty='id' order='BEFORE'>select nextval('users.account_seq')</selectKey>insert into orders.item (id) values (#{id})</insert> => refers to users.account_seq",
      "<update id='f'>update users.account <set><if test='n != null'>name = #{n},</if></set> where id = #{id}</update> => writes users.account",
      "<delete id='f'>delete from users.account <where><foreach collection='ids' item='i' open='id in (' separator=',' close=')'>#{i}</foreach></where></delete> => writes users.account",
      "<select id='f' statementType='CALLABLE'>{call users.touch(#{id, mode=IN})}</select> => calls users.touch()",
      "<resultMap id='r' type='x'><association property='a' select='shop.users.Mapper.find' column='a'/></resultMap><select id='f' resultMap='r'>select * from orders.item</select> => reads users.account"})
  void inMappersAreRead(String elements, String expected) throws IOException {
    shop.withFile("mappers/users.xml", "<mapper namespace='shop.users.Mapper'><sql id='table'>users.account</sql>"
            + "<select id='find'>select * from users.account where id = #{id}</select></mapper>")
        .withFile("mappers/orders.xml", "<mapper namespace='shop.orders.Mapper'><sql id='cols'>${a}.id</sql>" + elements + "</mapper>");

    assertThat(found(SchemaScan.of(OWNERSHIP, shop.files()), "")).containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource(delimiterString = " => ", quoteCharacter = '^', value = {
      "- sql: {sql: 'update users.account set x = 1; update item set x = 1'} => writes users.account",
      "- sql:\\n          splitStatements: false\\n          sql: |\\n            -- first\\n            delete from users.account;\\n => writes users.account",
      "- createView: {viewName: v, selectQuery: 'select * from users.account'} => reads users.account",
      "- addForeignKeyConstraint: {baseTableName: item, baseColumnNames: a, referencedTableSchemaName: users, referencedTableName: account, referencedColumnNames: id} => refers to users.account",
      "- createTable:\\n          tableName: item\\n          columns:\\n          - column: {name: a, type: bigint, constraints: {references: 'users.account(id)', foreignKeyName: f}} => refers to users.account",
      "- loadData: {schemaName: users, tableName: account, file: a.csv} => writes users.account",
      "- dropTable: {schemaName: '${other}', tableName: account} => writes users.account",
      "- update: {tableName: item, where: 'a in (select id from users.account)'} => reads users.account",
      "- createProcedure: {procedureText: 'create procedure orders.p() language sql as $$ delete from users.account $$'} => writes users.account"})
  void inChangelogsAreRead(String change, String expected) throws IOException {
    shop.withFile("orders/log.yaml", "databaseChangeLog:\n- property: {name: other, value: users}\n- changeSet:\n    id: 1\n    author: a\n    changes:\n      "
        + change.replace("\\n", "\n"));

    assertThat(found(SchemaScan.of(OWNERSHIP, shop.files()), "")).containsExactly(expected);
  }

  private static List<String> found(SchemaScan scan, String where) {
    return scan.violations().stream().filter(finding -> finding.module().equals(Optional.of("orders")))
        .filter(finding -> finding.location().matches(where + "(?!\\d).*")).map(finding -> finding.verb() + " " + finding.table()).distinct().toList();
  }
}
