package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import fixture.clean.orders.CleanSinks;
import fixture.clean.orders.Item;
import fixture.users.Account;
import fixture.users.UserAddress;
import fixture.violating.orders.ViolatingSinks;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SinkFixturesTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.load("schema-ownership.yml");
  private static final String ASK = "Ask module 'users' through its interface, or keep a local copy that its events feed.";
  private static final String LET = "Let module 'users' do it, through its interface.";

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "Jdbc | reads | method run(Connection) | select 1 from users.account",
      "JdbcBatch | writes | method run(Statement) | truncate users.account",
      "Template | writes | method run(JdbcTemplate) | update users.account set name = ?",
      "TemplateBatch | writes | method run(JdbcTemplate) | delete users.account",
      "NamedTemplate | reads | method run(NamedParameterJdbcTemplate) | select name from users.account where id = :id",
      "Client | reads | method run(JdbcClient) | select name from users.account",
      "TemplateInsert | writes | method run(SimpleJdbcInsert) | users.account",
      "NativeQuery | reads | method run(EntityManager) | select * from {h-schema}item, users.account",
      "EntityQuery | reads | method run(EntityManager) | select a from Account a join a.addresses d where a.id = 1",
      "EntityUpdate | writes | field QUERY | update Account a set a.name = :name",
      "RepositoryNative | reads | method find(long) | select * from users.account where id = ?1",
      "RepositoryQuery | reads | method find(String) | select a from Account a where a.name like :name",
      "RepositoryEntityName | reads | method findEach() | select a from #{#entityName} a",
      "DataJdbc | reads | method find(long) | select * from users.account where id = :id",
      "DataR2dbc | reads | method find(long) | select * from users.account where id = :id",
      "NamedEntityQuery | reads | its annotations | from Account",
      "NamedNative | reads | its annotations | table users.account",
      "CustomInsert | writes | its annotations | insert into users.account (id) values (?)",
      "CustomDelete | writes | its annotations | update users.account set deleted = true where id = ?",
      "View | reads | its annotations | select id from users.account",
      "Synchronized | reads | its annotations | users.account",
      "Restricted | reads | its annotations | exists (select 1 from users.account a where a.id = id)",
      "Filtered | reads | its annotations | owner in (select id from users.account)",
      "Computed | reads | field name | (select a.name from users.account a where a.id = id)",
      "Reactive | reads | method run(DatabaseClient) | select name from users.account",
      "ReactiveDriver | reads | method run(Connection) | select name from users.account where id = $1",
      "JdbiHandle | writes | method run(Handle) | delete from users.account where name = <name>",
      "JdbiQuery | reads | method names() | select name from users.account",
      "JdbiUpdate | writes | method add(long) | insert into users.account (id) values (:id)",
      "MyBatisSelect | reads | method find(long) | <script> select * from users.account <where><if test=''id != null''>id = #{id}</if></where> </script>",
      "MyBatisUpdate | writes | method rename(String) | update users.account set name = #{name}",
      "MyBatisProvider | reads | method sql() | users.account a",
      "JooqPlain | reads | method run(DSLContext) | select name from users.account",
      "JooqTable | reads | method run() | users.account",
      "JooqCondition | reads | method run() | users.account.name = ''x''",
      "JooqConditionWithAQuery | reads | method run() | exists (select 1 from users.account a where a.id = item.account)",
      "JooqField | reads | method run() | users.account.name",
      "JooqGenerated | reads | method run(DSLContext) | users.account",
      "JooqGeneratedInsert | writes | method run(DSLContext) | users.account"})
  void readsEveryPlaceWhereSqlGoes(String fixture, String verb, String where, String statement) throws Exception {
    Class<?> type = Class.forName(ViolatingSinks.class.getName() + "$" + fixture);

    Finding finding = assertThat(scan(type).violations()).singleElement().actual();

    assertThat(finding.message().replaceAll("ViolatingSinks.java:\\d+", "LINE")).isEqualTo(
        "Module 'orders' %s users.account, which module 'users' owns, in %s, %s (LINE): \"%s\". %s".formatted(verb, type.getName(), where,
            statement.replace("''", "'"), verb.equals("writes") ? LET : ASK));
    assertThat(finding.line() > 0).isEqualTo(where.startsWith("method") && !type.isInterface());
  }

  @Test
  void followsTheSearchPathFromOneStatementToTheNext() {
    assertThat(scan(ViolatingSinks.JdbcSearchPath.class).violations()).singleElement()
        .satisfies(finding -> assertThat(finding.table()).isEqualTo("users.customer"));
  }

  @Test
  void everyPlaceHasAViolatingAndACleanFixture() {
    List<String> violating = names(ViolatingSinks.class);

    assertThat(violating).hasSize(40).containsExactlyInAnyOrderElementsOf(names(CleanSinks.class));
    assertThat(violating).allSatisfy(
        name -> assertThat(scan(Class.forName(ViolatingSinks.class.getName() + "$" + name)).violations()).as(name).hasSize(1));
  }

  @Test
  void findsNothingWhereStatementsStayAtHome() {
    SchemaScan scan = scan(CleanSinks.class.getDeclaredClasses());

    assertThat(scan.violations()).isEmpty();
    // Which schema {h-schema} stands for, the ownership of the fixtures does not say.
    assertThat(scan.unknown()).extracting(Unknown::statement).containsExactly("\"select * from {h-schema}item, orders.account\"");
    assertThat(scan.coverage().statements()).isGreaterThanOrEqualTo(40);
  }

  private static List<String> names(Class<?> fixtures) {
    return Arrays.stream(fixtures.getDeclaredClasses()).map(Class::getSimpleName).toList();
  }

  private static SchemaScan scan(Class<?>... fixtures) {
    Stream<Class<?>> all = Stream.concat(Arrays.stream(fixtures), Stream.of(Account.class, UserAddress.class, Item.class,
        fixture.users.jooq.Users.class, fixture.users.jooq.tables.Account.class, fixture.clean.orders.jooq.Orders.class,
        fixture.clean.orders.jooq.tables.Account.class));
    return SchemaScan.of(new ClassFileImporter().importClasses(all.toList()), OWNERSHIP);
  }
}
