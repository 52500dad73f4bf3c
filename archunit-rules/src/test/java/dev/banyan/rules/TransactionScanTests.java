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

  private static Set<TableName> both() {
    return Set.of(TableName.of("orders", "item"), TableName.of("users", "account"));
  }

  private List<Transaction> transactions(String orders) throws IOException {
    return SchemaScan.of(SchemaOwnership.none(), new CompiledShop(folder).with("users/Users", USERS)
        .withSource("jakarta/transaction/Transactional", "package jakarta.transaction; @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME) public @interface Transactional {}")
        .withSource("shop/orders/Orders", "package shop.orders; " + orders).compiled()).transactions();
  }
}
