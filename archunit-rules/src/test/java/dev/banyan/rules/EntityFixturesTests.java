package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import fixture.clean.orders.CleanEntities;
import fixture.clean.orders.Item;
import fixture.clean.orders.QItem;
import fixture.users.Account;
import fixture.users.QAccount;
import fixture.violating.orders.Purchase;
import fixture.violating.orders.QPurchase;
import fixture.violating.orders.ViolatingEntities;
import jakarta.persistence.EntityManager;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Entities of another module that code reaches by their class, by a path or by a repository. */
class EntityFixturesTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.load("schema-ownership.yml");
  private static final String ASK = "Ask module 'users' through its interface, or keep a local copy that its events feed.";
  private static final String LET = "Let module 'users' do it, through its interface.";

  static class GenericDao<T> {
    void run(EntityManager entities, T entity) {
      entities.persist(entity);
    }
  }

  static class Unknowable {
    Object run(EntityManager entities, Class<?> type) {
      return entities.find(type, 1L);
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '^', value = {
      "Find | reads | method run(EntityManager) | entity fixture.users.Account",
      "Reference | reads | method run(EntityManager) | entity fixture.users.Account",
      "FindThroughALocal | reads | method run(EntityManager) | entity fixture.users.Account",
      "Criteria | reads | method run(CriteriaQuery) | entity fixture.users.Account",
      "CriteriaSubquery | reads | method run(Subquery) | entity fixture.users.Account",
      "CriteriaRemoval | writes | method run(CriteriaBuilder) | entity fixture.users.Account",
      "HibernateGet | reads | method run(Session) | entity fixture.users.Account",
      "Aggregates | reads | method run(JdbcAggregateTemplate) | entity fixture.users.Account",
      "AggregateRemoval | writes | method run(JdbcAggregateTemplate) | entity fixture.users.Account",
      "QueryByClass | reads | method run(EntityManager) | \"select a from Account a\"",
      "Repository | writes | its supertypes | repository of entity fixture.users.Account",
      "Path | reads | method run(EntityManager) | \"select p.buyer.name from Purchase p\"",
      "PathInAConstraint | reads | method run(EntityManager) | \"update Purchase p set p.open = false where p.buyer.name = 'x'\"",
      "FetchJoin | reads | method run(EntityManager) | \"select p from Purchase p join fetch p.buyer where p.id = 1\"",
      "Persist | writes | method run(EntityManager) | entity fixture.users.Account",
      "Remove | writes | method run(EntityManager, Account) | entity fixture.users.Account",
      "MergeOfAResult | writes | method run(EntityManager) | entity fixture.users.Account",
      "RemovalByReference | writes | method run(EntityManager, List) | entity fixture.users.Account",
      "HibernateSave | writes | method run(Session, Account) | entity fixture.users.Account",
      "AggregateSave | writes | method run(JdbcAggregateTemplate, Account) | entity fixture.users.Account",
      "CriteriaJoin | reads | method run(CriteriaQuery) | path fixture.violating.orders.Purchase.buyer",
      "CriteriaPath | reads | method run(Root) | path fixture.violating.orders.Purchase.buyer.name",
      "CriteriaJoinByMetamodel | reads | method run(Root) | path fixture.violating.orders.Purchase.buyer",
      "CriteriaJoinInALambda | reads | method run() | path fixture.violating.orders.Purchase.buyer",
      "DerivedQuery | reads | method findFirstByOpenTrueAndBuyerNameContainingIgnoreCase(String) | path fixture.violating.orders.Purchase.buyer.name",
      "DerivedOrder | reads | method findByOpenOrderByBuyer_NameDescIdAsc(boolean) | path fixture.violating.orders.Purchase.buyer.name",
      "LoadedGraph | reads | method findByOpen(boolean) | path fixture.violating.orders.Purchase.buyer",
      "Querydsl | reads | method run(JPAQueryFactory) | entity fixture.users.Account",
      "QuerydslRemoval | writes | method run(JPAQueryFactory) | entity fixture.users.Account",
      "QuerydslJoin | reads | method run(JPAQueryFactory) | path fixture.violating.orders.Purchase.buyer",
      "QuerydslPath | reads | method run() | path fixture.violating.orders.Purchase.buyer.name"})
  void findsEntitiesThatNoStatementNames(String fixture, String verb, String where, String what) throws Exception {
    Class<?> type = Class.forName(ViolatingEntities.class.getName() + "$" + fixture);

    assertThat(findings(type)).singleElement().satisfies(finding -> assertThat(
        finding.message().replaceAll("ViolatingEntities.java:\\d+", "LINE")).isEqualTo(
        "Module 'orders' %s users.account, which module 'users' owns, in %s, %s (LINE): %s. %s".formatted(verb, type.getName(), where, what,
            verb.equals("writes") ? LET : ASK)));
  }

  @Test
  void everyViolatingFixtureFailsExactlyOnceAndHasACleanTwin() {
    List<String> names = Arrays.stream(ViolatingEntities.class.getDeclaredClasses()).map(Class::getSimpleName).toList();

    assertThat(names).hasSize(31).isSubsetOf(Arrays.stream(CleanEntities.class.getDeclaredClasses()).map(Class::getSimpleName).toList());
    assertThat(ViolatingEntities.class.getDeclaredClasses()).allSatisfy(fixture -> assertThat(findings(fixture)).hasSize(1));
  }

  @Test
  void findsNothingWhereEntitiesAreTheModulesOwn() {
    SchemaScan scan = scan(CleanEntities.class.getDeclaredClasses());

    assertThat(scan.violations()).filteredOn(finding -> !isOfPurchase(finding)).isEmpty();
    assertThat(scan.unknown()).isEmpty();
  }

  @Test
  void listsAClassThatIsPutInAtRunTime() {
    assertThat(scan(Unknowable.class).unknown()).extracting(Unknown::statement, Unknown::reason)
        .containsExactly(tuple("an entity's class", "an entity's class is put in at run time"));
  }

  @Test
  void listsAnEntityOfAnyClass() {
    assertThat(scan(GenericDao.class).unknown()).extracting(Unknown::location, Unknown::reason)
        .containsExactly(tuple(GenericDao.class.getName() + ", method run(EntityManager, Object)", "an entity's class is put in at run time"));
  }

  private static List<Finding> findings(Class<?> fixture) {
    return scan(fixture).violations().stream().filter(finding -> !isOfPurchase(finding)).toList();
  }

  private static boolean isOfPurchase(Finding finding) {
    return finding.location().startsWith(Purchase.class.getName());
  }

  private static SchemaScan scan(Class<?>... fixtures) {
    Stream<Class<?>> all = Stream.concat(Arrays.stream(fixtures), Stream.of(Account.class, Item.class, Purchase.class, QAccount.class, QItem.class, QPurchase.class));
    return SchemaScan.of(new ClassFileImporter().importClasses(all.toList()), OWNERSHIP);
  }
}
