package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.rules.sql.TableName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransactionScanTests {

  private static final String USERS = "public void rename(String name) { run(\"update users.account set a = 1\"); } void run(String sql) {}";
  private static final String ADD = "void add() { run(\"insert into orders.item values (1)\"); } private void run(String sql) {}";

  @TempDir private Path folder;

  @Test
  void followsLambdasAndMethodReferences() throws IOException {
    assertThat(transactions("@jakarta.transaction.Transactional public class Orders { shop.users.Users users; private " + ADD
        + " public void lambda(java.util.List<String> names) { add(); names.forEach(name -> users.rename(name)); }"
        + " public void reference(java.util.List<String> names) { add(); names.forEach(users::rename); } }"))
        .containsExactlyInAnyOrder(
            new Transaction("shop.orders.Orders, method lambda(List)", both()), new Transaction("shop.orders.Orders, method reference(List)", both()));
  }

  @Test
  void followsWhatAClassInheritsToItsOwnMethods() throws IOException {
    assertThat(transactions("abstract class Job { @jakarta.transaction.Transactional public void run() { first(); then(); }"
        + " abstract void first(); void then() {} } class Stock extends Job { " + ADD + " void first() { add(); } }"
        + " public class Orders extends Job { shop.users.Users users; " + ADD + " void first() { add(); } void then() { users.rename(null); } }"))
        .containsExactlyInAnyOrder(
            new Transaction("shop.orders.Orders, method run()", both()), new Transaction("shop.orders.Stock, method run()", Set.of(TableName.of("orders", "item"))));
  }

  /** The compiler gives a public class a method of its own for each that it inherits from a class of the package. */
  @Test
  void anAnnotationOfAClassCountsForThoseBelowIt() throws IOException {
    assertThat(transactions("@jakarta.transaction.Transactional abstract class Job { public void run() { first(); then(); }"
        + " abstract void first(); void then() {} }"
        + " public class Orders extends Job { shop.users.Users users; " + ADD + " void first() { add(); } void then() { users.rename(null); } }"))
        .contains(new Transaction("shop.orders.Orders, method run()", both())).hasSize(4);
  }

  @Test
  void followsDefaultMethodsAndWhatTheyCall() throws IOException {
    assertThat(transactions("interface Job { @jakarta.transaction.Transactional default void run() { first(); then(); } void first(); void then(); }"
        + " public class Orders implements Job { shop.users.Users users; " + ADD + " public void first() { add(); } public void then() { users.rename(null); } }"))
        .containsExactly(new Transaction("shop.orders.Orders, method run()", both()));
  }

  @Test
  void followsCallsOfWhatIsInherited() throws IOException {
    assertThat(transactions("class Base { " + ADD + " void added() { add(); } } class Middle extends Base {}"
        + " public class Orders { Middle middle; shop.users.Users users;"
        + " @jakarta.transaction.Transactional public void both() { middle.added(); users.rename(null); } }"))
        .containsExactly(new Transaction("shop.orders.Orders, method both()", both()));
  }

  @Test
  void anAnnotationCountsWhereAnInterfaceCarriesItAndNotForWhatIsInherited() throws IOException {
    assertThat(transactions("interface Job { @jakarta.transaction.Transactional void run(); } class Base { " + ADD + " public void added() { add(); } }"
        + " public class Orders extends Base implements Job { shop.users.Users users; public void run() { add(); users.rename(null); } }"
        + " @jakarta.transaction.Transactional class Marked extends Base { shop.users.Users users; public void own() { users.rename(null); } }"))
        .containsExactlyInAnyOrder(new Transaction("shop.orders.Orders, method run()", both()),
            new Transaction("shop.orders.Marked, method own()", Set.of(TableName.of("users", "account"))));
  }

  private static Set<TableName> both() {
    return Set.of(TableName.of("orders", "item"), TableName.of("users", "account"));
  }

  private List<Transaction> transactions(String orders) throws IOException {
    return SchemaScan.of(SchemaOwnership.none(), new CompiledShop(folder).with("users/Users", USERS)
        .withSource("jakarta/transaction/Transactional", "package jakarta.transaction; @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME) public @interface Transactional {}")
        .withSource("shop/orders/Orders", "package shop.orders; " + orders).compiled()).transactions();
  }
}
