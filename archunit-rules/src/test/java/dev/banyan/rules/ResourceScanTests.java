package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ResourceScanTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.load("schema-ownership.yml");
  private static final String ASK = "Ask module 'users' through its interface, or keep a local copy that its events feed.";

  @Test
  void readsMappersMappingsAndScriptsBesideTheClasses() throws Exception {
    assertThat(scan("violating").violations()).extracting(f -> f.access().verb() + " " + f.table() + " in " + f.location() + " at "
        + f.source())
        .containsExactly(
            "refers to users.account in META-INF/orm.xml, table at orm.xml:4",
            "reads users.account in META-INF/orm.xml, named-native-query all at orm.xml:5",
            "writes users.account in db/migration/orders/V1__items.sql, script at V1__items.sql:4",
            "reads users.account in fixture/violating/orders/Old.hbm.xml, property formula at Old.hbm.xml:6",
            "refers to users.account_tag in fixture/violating/orders/Old.hbm.xml, set at Old.hbm.xml:7",
            "writes users.account in fixture/violating/orders/Old.hbm.xml, sql-delete at Old.hbm.xml:8",
            "reads users.account in fixture/violating/orders/Old.hbm.xml, sql-query all at Old.hbm.xml:10",
            "reads users.account in fixture/violating/orders/Sql.sql.stg, script at Sql.sql.stg:2",
            "reads users.account in fixture/violating/orders/find.sql, script at find.sql:1",
            "reads users.account in mappers/Items.xml, select find at Items.xml:7",
            "refers to users.account_seq in mappers/Items.xml, selectKey at Items.xml:14",
            "writes users.account in mappers/Items.xml, update rename at Items.xml:17",
            "reads users.account in mappers/Items.xml, select all at Items.xml:23");
  }

  @Test
  void tellsTheStatementWithItsIncludes() throws Exception {
    assertThat(scan("violating").violations()).extracting(Finding::message).contains(
        "Module 'orders' reads users.account, which module 'users' owns, in mappers/Items.xml, select find (Items.xml:7): "
            + "\"select a.id from users.account a where and a.id < #{id}\". " + ASK);
  }

  @Test
  void findsNothingWhereTheyStayAtHome() throws Exception {
    SchemaScan scan = scan("clean");

    assertThat(scan.violations()).isEmpty();
    assertThat(scan.coverage().statements()).isGreaterThanOrEqualTo(8);
  }

  private static SchemaScan scan(String name) throws URISyntaxException {
    return SchemaScan.of(OWNERSHIP, Path.of(Objects.requireNonNull(ResourceScanTests.class.getResource("/beside/" + name)).toURI()));
  }
}
