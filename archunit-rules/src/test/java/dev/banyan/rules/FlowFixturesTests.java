package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import fixture.clean.orders.CleanFlow;
import fixture.users.UserSql;
import fixture.violating.orders.ViolatingFlow;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FlowFixturesTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.load("schema-ownership.yml");
  private static final String ASK = ". Ask module 'users' through its interface, or keep a local copy that its events feed.";
  private static final String LET = ". Let module 'users' do it, through its interface.";

  static Stream<Arguments> violations() {
    return Stream.of(
        read(ViolatingFlow.InABuilder.class, "method sql(boolean)", 14, "select a.name from users.account a where a.id = ? order by a.name"),
        write(ViolatingFlow.InABuilderInALoop.class, "method sql(List)", 25, "delete from users.account where id in (…, …)"),
        write(ViolatingFlow.InAFormat.class, "method sql(long)", 36, "update users.account set name = '%' where id = …"),
        read(ViolatingFlow.InAFormattedTextBlock.class, "method sql(String)", 42, "select … from users.account"),
        read(ViolatingFlow.InAJoin.class, "method sql()", 51, "select id from users.account where name = ?"),
        read(ViolatingFlow.InAJoinedList.class, "method sql()", 57, "select id from users.account"),
        read(ViolatingFlow.InAComputedConstantOfTheOwner.class, "method sql()", 63, "select id from users.account"),
        read(ViolatingFlow.ThroughALocal.class, "method sql(boolean)", 70, "select id from users.account"),
        read(ViolatingFlow.ThroughAField.class, "method sql()", 82, "select id from users.account"),
        read(ViolatingFlow.ThroughAParameter.class, "method count(String)", 92, "select count(*) from users.account"),
        read(ViolatingFlow.ThroughAResult.class, "method base()", 102,
            "select * from orders.item i join users.account a on a.id = i.account"),
        read(ViolatingFlow.ThroughALambda.class, "method sql()", 109, "select name from users.account"),
        read(ViolatingFlow.ThroughAPlaceholder.class, "method sql()", 115, "select name from users.account"),
        read(ViolatingFlow.InABuilderOfAnotherMethod.class, "method sql()", 121,
            "select * from orders.item i join users.account a on a.id = i.account"),
        read(ViolatingFlow.BehindAnUnknownBeginning.class, "method sql(String)", 133, "… join users.account a on a.id = i.account"));
  }

  private static Arguments read(Class<?> fixture, String where, int line, String statement) {
    return Arguments.of(fixture, "reads", "%s (ViolatingFlow.java:%d): \"%s\"%s".formatted(where, line, statement, ASK));
  }

  private static Arguments write(Class<?> fixture, String where, int line, String statement) {
    return Arguments.of(fixture, "writes", "%s (ViolatingFlow.java:%d): \"%s\"%s".formatted(where, line, statement, LET));
  }

  @ParameterizedTest
  @MethodSource("violations")
  void putsStatementsTogether(Class<?> fixture, String verb, String where) {
    assertThat(scan(fixture).violations()).extracting(Finding::message).containsExactly(
        "Module 'orders' %s users.account, which module 'users' owns, in %s, %s".formatted(verb, fixture.getName(), where));
  }

  @Test
  void everyViolatingFixtureHasItsText() {
    assertThat(violations().map(arguments -> arguments.get()[0])).containsExactlyInAnyOrder((Object[]) ViolatingFlow.class
        .getDeclaredClasses());
  }

  @Test
  void findsNothingWhereStatementsStayAtHome() {
    assertThat(scan(CleanFlow.class.getDeclaredClasses()).violations()).isEmpty();
  }

  private static SchemaScan scan(Class<?>... fixtures) {
    Stream<Class<?>> all = Stream.concat(Arrays.stream(fixtures), Stream.of(UserSql.class));
    return SchemaScan.of(new ClassFileImporter().importClasses(all.toList()), OWNERSHIP);
  }
}
