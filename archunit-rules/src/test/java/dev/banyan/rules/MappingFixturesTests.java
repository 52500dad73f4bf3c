package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import fixture.clean.orders.CleanMappings;
import fixture.clean.orders.Item;
import fixture.users.Account;
import fixture.users.UserAddress;
import fixture.violating.orders.ViolatingMappings;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappingFixturesTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.load("schema-ownership.yml");

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "ByTable | users.account | its annotations | @Table for users.account",
      "BySpringsNaming | public.user_address | its annotations | @Table for useraddress",
      "BySecondaryTable | users.account_detail | its annotations | @SecondaryTable for users.account_detail",
      "ByJoinTable | users.account_item | field items | @JoinTable for users.account_item",
      "ByCollectionTable | users.account_mail | field mails | @CollectionTable for users.account_mail",
      "ByElementCollection | public.user_tags | field tags | @ElementCollection for user_tags",
      "BySequence | users.account_seq | field id | @SequenceGenerator for users.account_seq",
      "ByManyToOne | users.account | field account | @ManyToOne to entity fixture.users.Account",
      "ByOneToOneOnAGetter | users.account | method getAccount() | @OneToOne to entity fixture.users.Account",
      "ByOneToMany | public.user_address | field addresses | @OneToMany to entity fixture.users.UserAddress",
      "ByManyToManyOfAMap | users.account | field accounts | @ManyToMany to entity fixture.users.Account",
      "ByTargetEntity | users.account | field account | @ManyToOne to entity fixture.users.Account",
      "ByInheritance | users.account | its superclass | @Entity to entity fixture.users.Account",
      "ByDataRelational | users.account | its annotations | @Table for users.account",
      "ByCatalog | users.account | its annotations | @Table for users.account",
      "ByMapKey | users.account | field notes | @MapKeyJoinColumn to entity fixture.users.Account",
      "ByAggregate | users.account | field accounts | @MappedCollection to entity fixture.users.Account"})
  void tellsWhatIsMapped(String fixture, String table, String where, String mapping) throws Exception {
    Class<?> type = Class.forName(ViolatingMappings.class.getName() + "$" + fixture);

    assertThat(scan(type).violations()).extracting(Finding::message).containsExactly(
        ("Module 'orders' refers to %s, which module 'users' owns, in %s, %s (ViolatingMappings.java:0): %s. "
            + "Map a table of your own that the events of module 'users' feed, or keep only its identifier.")
            .formatted(table, type.getName(), where, mapping));
  }

  @Test
  void everyMappingHasAViolatingAndACleanFixture() {
    assertThat(names(ViolatingMappings.class)).hasSize(17).containsExactlyInAnyOrderElementsOf(names(CleanMappings.class));
  }

  @Test
  void findsNothingWhereMappingsStayAtHome() {
    assertThat(scan(CleanMappings.class.getDeclaredClasses()).violations()).isEmpty();
  }

  private static List<String> names(Class<?> fixtures) {
    return Arrays.stream(fixtures.getDeclaredClasses()).map(Class::getSimpleName).toList();
  }

  private static SchemaScan scan(Class<?>... fixtures) {
    Stream<Class<?>> all = Stream.concat(Arrays.stream(fixtures), Stream.of(Account.class, UserAddress.class, Item.class));
    return SchemaScan.of(new ClassFileImporter().importClasses(all.toList()), OWNERSHIP);
  }
}
