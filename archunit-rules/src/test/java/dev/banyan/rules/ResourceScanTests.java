package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ResourceScanTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.load("schema-ownership.yml");
  private static final String MOVE = "Move this to the migrations of module 'users', or keep a table of your own that its events feed.";
  private static final String LET = "Let module 'users' do it, through its interface.";
  private static final String MAP = "Map a table of your own that the events of module 'users' feed, or keep only its identifier.";
  private static final String ASK = "Ask module 'users' through its interface, or keep a local copy that its events feed.";

  @Test
  void readsMappersMappingsAndScriptsBesideTheClasses() throws Exception {
    assertThat(scan("violating").violations()).extracting(Finding::message).containsExactly(
            "Module 'orders' refers to users.account, which module 'users' owns, in META-INF/orm.xml, table (orm.xml:4): <table> for users.account. " + MAP,
            "Module 'orders' reads users.account, which module 'users' owns, in META-INF/orm.xml, named-native-query all (orm.xml:5): \"select * from users.account\". " + ASK,
            "Module 'orders' writes users.account, which module 'users' owns, in db/migration/orders/V1__items.sql, script (V1__items.sql:4): \"insert into account (id) values (1)\". " + MOVE,
            "Module 'orders' reads users.account, which module 'users' owns, in fixture/violating/orders/Old.hbm.xml, property formula (Old.hbm.xml:6): \"select 1 from dual where (select a.name from users.account a where a.id = account_id)\". " + ASK,
            "Module 'orders' refers to users.account_tag, which module 'users' owns, in fixture/violating/orders/Old.hbm.xml, set (Old.hbm.xml:7): <set> for users.account_tag. " + MAP,
            "Module 'orders' writes users.account, which module 'users' owns, in fixture/violating/orders/Old.hbm.xml, sql-delete (Old.hbm.xml:8): \"update users.account set gone = true where id = ?\". " + LET,
            "Module 'orders' reads users.account, which module 'users' owns, in fixture/violating/orders/Old.hbm.xml, sql-query all (Old.hbm.xml:10): \"select * from users.account\". " + ASK,
            "Module 'orders' reads users.account, which module 'users' owns, in fixture/violating/orders/Sql.sql.stg, script (Sql.sql.stg:2): \"all() ::= <<select * from users.account where name = <name> >>\". " + ASK,
            "Module 'orders' reads users.account, which module 'users' owns, in fixture/violating/orders/find.sql, script (find.sql:1): \"select * from users.account where id = :id\". " + ASK,
            "Module 'orders' reads users.account, which module 'users' owns, in mappers/Items.xml, select find (Items.xml:7): \"select a.id from users.account a where and a.id < #{id}\". " + ASK,
            "Module 'orders' refers to users.account_seq, which module 'users' owns, in mappers/Items.xml, selectKey (Items.xml:14): \"select nextval('users.account_seq')\". " + ASK,
            "Module 'orders' writes users.account, which module 'users' owns, in mappers/Items.xml, update rename (Items.xml:17): \"update users.account set name = #{name}, where id = #{id}\". " + LET,
            "Module 'orders' reads users.account, which module 'users' owns, in mappers/Items.xml, select all (Items.xml:23): \"select a.id from users.account a\". " + ASK);
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
