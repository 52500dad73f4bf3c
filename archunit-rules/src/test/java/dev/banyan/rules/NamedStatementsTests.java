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

/** Statements that one module declares and another one calls by their names. */
class NamedStatementsTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.parse("""
      modules:
        orders: { packages: [shop.orders], schemas: [orders], default-schema: orders }
        users: { packages: [shop.users], schemas: [users], default-schema: users }
      """);
  private static final String JPA = "jakarta.persistence.EntityManager m";
  private static final String MYBATIS = "org.apache.ibatis.session.SqlSession s";

  @TempDir
  private Path folder;

  private CompiledShop shop;

  @BeforeEach
  void writeStatements() throws IOException {
    shop = new CompiledShop(folder)
        .withSource("org/apache/ibatis/session/SqlSession", "package org.apache.ibatis.session; import java.util.*; public interface SqlSession {"
            + " List<Object> selectList(String s); Object selectOne(String s, Object p); int update(String s); int delete(String s, Object p); }")
        .withSource("org/apache/ibatis/annotations/Update", "package org.apache.ibatis.annotations; public @interface Update { String[] value(); }")
        .withSource("org/hibernate/Session", "package org.hibernate; public interface Session { Object getNamedNativeQuery(String s); }")
        .withSource("org/springframework/data/jpa/repository/Query", "package org.springframework.data.jpa.repository;"
            + " public @interface Query { String value() default \"\"; String name() default \"\"; }")
        .withSource("shop/users/Account", "package shop.users; import jakarta.persistence.*; @Entity"
            + " @NamedQuery(name = \"Account.all\", query = \"select a from Account a\")"
            + " @NamedNativeQuery(name = \"Account.old\", query = \"delete from account where old\")"
            + " @NamedStoredProcedureQuery(name = \"Account.touch\", procedureName = \"users.touch\")"
            + " public class Account { @Id long id; }")
        .withSource("shop/users/Names", "package shop.users; public interface Names {"
            + " @org.apache.ibatis.annotations.Update({\"update users.account\", \"set name = ''\"}) int forget(long id); }")
        .withFile("mappers/users.xml", "<mapper namespace='shop.users.Mapper'><sql id='t'>users.account</sql>"
            + "<select id='find'>select * from <include refid='t'/> where id = #{id}</select>"
            + "<delete id='drop'>delete from account</delete></mapper>")
        .withFile("META-INF/orm.xml", "<entity-mappings><entity class='shop.users.Account'><named-native-query name='in.file'><query>select 1 from users.account</query></named-native-query>"
            + "<named-stored-procedure-query name='touch.in.file' procedure-name='users.touch'/></entity></entity-mappings>");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '^', value = {
      "void run(" + JPA + ") { m.createNamedQuery(\"Account.all\"); } | reads users.account",
      "void run(" + JPA + ") { m.createNamedQuery(\"Account.old\", Object.class); } | writes users.account",
      "void run(" + JPA + ") { m.createNamedStoredProcedureQuery(\"Account.touch\"); } | calls users.touch()",
      "void run(" + JPA + ") { m.createNamedQuery(\"in.file\"); } | reads users.account",
      "void run(" + JPA + ") { m.createNamedStoredProcedureQuery(\"touch.in.file\"); } | calls users.touch()",
      "void run(org.hibernate.Session s) { s.getNamedNativeQuery(\"Account.old\"); } | writes users.account",
      "interface R { @org.springframework.data.jpa.repository.Query(name = \"Account.all\") Object all(); } | reads users.account",
      "Object run(" + MYBATIS + ") { return s.selectList(\"shop.users.Mapper.find\"); } | reads users.account",
      "Object run(" + MYBATIS + ") { return s.selectOne(\"find\", 1); } | reads users.account",
      "Object run(" + MYBATIS + ") { return s.delete(\"shop.users.Mapper.\" + \"drop\", 1); } | writes users.account",
      "static final String M = \"shop.users.Names\"; Object run(" + MYBATIS + ") { return s.update(M + \".forget\"); } | writes users.account"})
  void areTheCallersToo(String body, String expected) throws IOException {
    SchemaScan scan = SchemaScan.of(OWNERSHIP, shop.with("orders/Violating", body).with("users/Clean", body).compiled());

    assertThat(scan.violations()).singleElement().satisfies(finding -> assertThat(finding.message())
        .startsWith("Module 'orders' %s, which module 'users' owns, in shop.orders.Violating".formatted(expected)));
    assertThat(scan.unknown()).isEmpty();
  }

  @Test
  void aFindingShowsNameAndStatement() throws IOException {
    shop.with("orders/Violating", "Object run(" + MYBATIS + ") { return s.selectList(\"shop.users.Mapper.find\"); }");

    assertThat(SchemaScan.of(OWNERSHIP, shop.compiled()).violations()).singleElement().satisfies(finding ->
        assertThat(finding.statement()).isEqualTo("shop.users.Mapper.find: \"select * from users.account where id = #{id}\""));
  }

  /** It is found where it is declared, and once. */
  @Test
  void aModulesOwnStatementIsJudgedWhereItIsDeclared() throws IOException {
    shop.withFile("mappers/orders.xml", "<mapper namespace='shop.orders.Mapper'><select id='names'>select * from users.account</select></mapper>")
        .with("orders/Caller", "Object run(" + MYBATIS + ") { return s.selectList(\"shop.orders.Mapper.names\"); }");

    assertThat(SchemaScan.of(OWNERSHIP, shop.compiled()).violations()).singleElement()
        .satisfies(finding -> assertThat(finding.location()).startsWith("mappers/orders.xml"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Object run(" + MYBATIS + ", String n) { return s.selectList(n); } | the name of a statement is put in at run time",
      "Object run(" + MYBATIS + ") { return s.selectList(\"shop.gone.Mapper.find\"); }"
          + " | no statement is called 'shop.gone.Mapper.find' in the classes and files that were read"})
  void aNameThatLeadsNowhereIsListed(String bodyAndReason) throws IOException {
    String[] parts = bodyAndReason.split(" \\| ");
    SchemaScan scan = SchemaScan.of(OWNERSHIP, shop.with("orders/Open", parts[0]).compiled());

    assertThat(scan.violations()).isEmpty();
    assertThat(scan.unknown()).singleElement().satisfies(unknown -> assertThat(unknown.reason()).isEqualTo(parts[1]));
  }
}
