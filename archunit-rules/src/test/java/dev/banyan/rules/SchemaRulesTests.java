package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.freeze.FreezingArchRule;
import dev.banyan.rules.sql.Access;
import fixture.clean.orders.Clean;
import fixture.users.UserSql;
import fixture.violating.orders.Violating;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaRulesTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.load("schema-ownership.yml");
  private static final ArchRule RULE = SchemaRules.classesTouchOnlyTheirOwnSchema(OWNERSHIP);
  private static final String ASK = ". Ask module 'users' through its interface, or keep a local copy that its events feed.";
  private static final String LET = ". Let module 'users' do it, through its interface.";
  private static final String MAP = ". Map a table of your own that the events of module 'users' feed, or keep only its identifier.";

  static Stream<Arguments> violations() {
    return Stream.of(
        Arguments.of(Violating.InAMethod.class, "reads users.account",
            "method sql() (Violating.java:18): \"select name from users.account where id = ?\"" + ASK),
        Arguments.of(Violating.InATextBlock.class, "writes users.account", "method sql(long) (Violating.java:24): "
            + "\"insert into users.account (id, name) select id, name from orders.customer\"" + LET),
        Arguments.of(Violating.InAConstant.class, "writes users.account",
            "field SQL (Violating.java:0): \"delete from users.account where id = ?\"" + LET),
        Arguments.of(Violating.InAConstantOfTheOwner.class, "reads users.account",
            "method sql() (Violating.java:37): \"select * from users.account\"" + ASK),
        Arguments.of(Violating.InAConcatenation.class, "reads users.account", "method sql(String, long) (Violating.java:43): "
            + "\"select … from orders.item i join users.account a on a.id = i.account where i.id = …\"" + ASK),
        Arguments.of(Violating.InAnAnnotation.class, "writes users.account",
            "method rename() (Violating.java:0): \"update users.account set name = :name where id = :id\"" + LET),
        Arguments.of(Violating.InAMapping.class, "refers to users.account",
            "its annotations (Violating.java:0): @Table for users.account" + MAP),
        Arguments.of(Violating.InAMappedCollection.class, "refers to users.postal_address",
            "field addresses (Violating.java:0): @CollectionTable for users.postal_address" + MAP),
        Arguments.of(Violating.ByATableOwnedByName.class, "reads public.address_2024",
            "method sql() (Violating.java:62): \"select 1 from address_2024\"" + ASK),
        Arguments.of(Violating.InAnotherDialect.class, "reads users.account", "method sql() (Violating.java:68): "
            + "\"select top 5 * from [users].[account] with (nolock) option (recompile)\"" + ASK),
        Arguments.of(Violating.WithAHoleInTheTable.class, "reads users.audit_…",
            "method sql(String) (Violating.java:74): \"select * from users.audit_…\"" + ASK),
        Arguments.of(Violating.WritingASharedTable.class, "writes users.country",
            "method sql() (Violating.java:80): \"truncate table users.country\"" + LET),
        Arguments.of(Violating.AfterAnExceptionHasEnded.class, "reads users.expired",
            "method sql() (Violating.java:86): \"select * from users.expired\"" + ASK));
  }

  @ParameterizedTest
  @MethodSource("violations")
  void tellsWhoTouchesWhatOfWhomWhereAndWhatToDo(Class<?> fixture, String what, String where) {
    List<String> messages = RULE.evaluate(importing(fixture)).getFailureReport().getDetails();

    assertThat(messages).containsExactly(
        "Module 'orders' " + what + ", which module 'users' owns, in " + fixture.getName() + ", " + where);
  }

  @Test
  void everyViolatingFixtureHasItsText() {
    assertThat(violations().map(arguments -> arguments.get()[0])).containsExactlyInAnyOrder(
        Arrays.stream(Violating.class.getDeclaredClasses()).filter(fixture -> !fixture.isAnnotation()).toArray());
  }

  @Test
  void findsNothingWhereModulesKeepToThemselves() {
    RULE.check(importing(Clean.class.getDeclaredClasses()));
    RULE.check(importing(UserSql.class));
  }

  @Test
  void canBeFrozenSoThatOnlyNewViolationsFail() {
    ArchRule frozen = FreezingArchRule.freeze(RULE).persistIn(new InMemoryStore());
    frozen.check(importing(Violating.InAMethod.class));

    frozen.check(importing(Violating.InAMethod.class));
    assertThatThrownBy(() -> frozen.check(importing(Violating.InAMethod.class, Violating.InATextBlock.class)))
        .hasMessageContaining("was violated (1 times)").hasMessageContaining("InATextBlock");
  }

  @Test
  void passesWithoutClasses() {
    RULE.check(new ClassFileImporter().importClasses(List.of()));
  }

  @Test
  void reportsCodeThatBelongsToNoModule() {
    assertThatThrownBy(() -> RULE.check(importing(Outsider.class)))
        .hasMessageContaining("Code of no module reads users.account, which module 'users' owns, in " + Outsider.class.getName());
  }

  @Test
  void givesFindingsToOtherPrograms() {
    Finding finding = SchemaScan.of(importing(Violating.InAMethod.class), OWNERSHIP).violations().get(0);

    assertThat(finding.module()).contains("orders");
    assertThat(finding.owner()).isEqualTo("users");
    assertThat(finding.table()).isEqualTo("users.account");
    assertThat(finding.access()).isEqualTo(Access.READ);
    assertThat(finding.kind()).isEqualTo(Finding.Kind.SQL);
    assertThat(finding.line()).isEqualTo(18);
  }

  @Test
  void namesStatementsWhoseTableIsPutInAtRunTime() {
    SchemaScan scan = SchemaScan.of(importing(Hole.class), OWNERSHIP);

    assertThat(scan.violations()).isEmpty();
    assertThat(scan.unknown()).singleElement().satisfies(unknown -> {
      assertThat(unknown.statement()).isEqualTo("\"select * from … where id = ?\"");
      assertThat(unknown.reason()).isEqualTo("a table's name is put in at run time");
    });
  }

  static class Outsider {
    String sql() {
      return "select * from users.account";
    }
  }

  static class Hole {
    String sql(String table) {
      return "select * from " + table + " where id = ?";
    }
  }

  private static JavaClasses importing(Class<?>... classes) {
    return new ClassFileImporter().importClasses(Arrays.asList(classes));
  }
}
