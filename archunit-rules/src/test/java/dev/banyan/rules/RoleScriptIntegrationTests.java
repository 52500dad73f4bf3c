package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the script gives and what it does not, as a real server sees it. */
class RoleScriptIntegrationTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.read("ownership.yml", new StringReader("""
      modules:
        orders: { packages: [shop.orders], schemas: [orders] }
        users: { packages: [shop.users], tables: [public.account, "public.address_*"] }
        reports: { packages: [shop.reports], schemas: [public] }
        "o'brien %s": { packages: [shop.brien], tables: ["public.brien_*"] }
      shared: [reference.country]
      """), LocalDate.now());

  /** What somebody has done between two runs; the second one takes all of it back. */
  private static final String GRANTED_BY_HAND = """
      grant usage on schema orders to users, public;
      grant select on all tables in schema orders to users;
      grant select (id) on public.account to orders;
      grant insert on reference.country to users;
      grant select on public.account to public;
      grant usage on sequence orders.item_id_seq to users;
      alter default privileges in schema orders grant select on tables to users;
      grant users to orders; grant pg_read_all_data to users; create role tellers; grant orders to tellers; grant tellers to "o'brien %s";
      """;

  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void start() throws Exception {
    postgres = EmbeddedPostgres.start();
    execute("postgres", """
        create schema orders; create schema reference;
        create table orders.item (id bigserial primary key);
        create table public.account (id bigint); create table public.address_1 (id bigserial, zip text);
        create table public.report (id bigserial); create table public.brien_1 (id bigint generated always as identity, name text);
        create table reference.country (code text);
        """);
    execute("postgres", RoleScript.of(OWNERSHIP));
    execute("postgres", GRANTED_BY_HAND);
    execute("postgres", RoleScript.of(OWNERSHIP));
    execute("postgres", "create table orders.later (id bigserial primary key)");
  }

  @AfterAll
  static void stop() throws Exception {
    postgres.close();
  }

  @Test
  void aRoleMayUseWhatItsModuleOwnsAndWhatAllShare() throws Exception {
    execute("orders", "insert into item default values; insert into orders.later default values; select * from reference.country");
    execute("users", "insert into public.account values (1); update public.address_1 set id = 2; select * from reference.country");
    execute("reports", "insert into report values (1)");
  }

  /** A key that a sequence gives needs a right on the sequence, which is no table. */
  @Test
  void aRoleMayAddRowsWhoseKeysSequencesGive() throws Exception {
    execute("users", "insert into public.address_1 (zip) values ('1')");
    execute("reports", "insert into public.report default values");
    execute("\"o'brien %s\"", "insert into public.brien_1 (name) values ('x')");
    assertRefused("reports", "select nextval('public.address_1_id_seq')");
    assertRefused("users", "select nextval('public.report_id_seq')");
  }

  @Test
  void aRoleMayUseNothingElse() {
    assertRefused("orders", "select * from public.account");
    assertRefused("users", "select * from orders.item");
    assertRefused("users", "select * from public.report");
    assertRefused("users", "insert into reference.country values ('x')");
    assertRefused("reports", "select * from account");
    assertRefused("reports", "select * from address_1");
  }

  /** Tables that are made after the second run are no exception. */
  @Test
  void whatWasGrantedByHandIsTakenBack() throws Exception {
    assertRefused("orders", "select id from public.account");
    assertRefused("users", "select nextval('orders.item_id_seq')");
    assertRefused("users", "select * from orders.later");
    assertRefused("\"o'brien %s\"", "select * from orders.item");
    assertThat(rights("orders.item")).containsExactlyInAnyOrder("orders");
    assertThat(rights("public.account")).containsExactlyInAnyOrder("users");
  }

  /** Otherwise users would still read orders.item behind the script, and nobody would be told. */
  @Test
  void namesRightsThatSomebodyHasPassedOn() throws Exception {
    execute("postgres", """
        create role clerk; grant usage on schema orders to clerk; grant select, insert (id) on orders.item to clerk with grant option;
        set role clerk; grant select on orders.item to users; grant insert (id) on orders.item to public; reset role;
        grant select on public.account to users with grant option; grant usage on schema public to users;
        set role users; grant select on public.account to clerk""");
    try {
      assertThatThrownBy(() -> execute("postgres", RoleScript.of(OWNERSHIP))).isInstanceOfSatisfying(SQLException.class,
          refused -> assertThat(refused.getSQLState()).isEqualTo("2B000"))
          .hasMessageContainingAll("Rights that were passed on cannot be taken back here: ", "SELECT on orders.item to users by clerk",
              "INSERT on column id of orders.item to PUBLIC by clerk", "SELECT on account to clerk by users")
          .hasMessageContaining("Revoke them as the role that has passed them on, or revoke its own right with cascade, and run this again.");
    } finally {
      execute("postgres", "revoke all on orders.item from clerk cascade; revoke all on public.account from users cascade");
    }
    execute("postgres", RoleScript.of(OWNERSHIP));
    execute("users", "select * from public.account");
    assertRefused("users", "select * from orders.item");
  }

  /** From PostgreSQL 16 on a membership has a grantor, and revoking it as another one only warns. */
  @Test
  void takesAMembershipBackThatSomebodyElseHasGranted() throws Exception {
    execute("postgres", "create role boss; grant users to boss with admin option; set role boss; grant users to orders");

    execute("postgres", RoleScript.of(OWNERSHIP));

    assertRefused("orders", "select * from public.account");
  }

  private static List<String> rights(String table) throws SQLException {
    List<String> roles = new ArrayList<>();
    try (Connection connection = postgres.getPostgresDatabase().getConnection(); Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select distinct coalesce(r.rolname, 'PUBLIC') from pg_class c"
            + " cross join lateral aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee"
            + " where c.oid = '" + table + "'::regclass and a.grantee <> c.relowner")) {
      while (rows.next()) {
        roles.add(rows.getString(1));
      }
    }
    return roles;
  }

  private static void assertRefused(String role, String sql) {
    assertThatThrownBy(() -> execute(role, sql)).isInstanceOfSatisfying(SQLException.class,
        refused -> assertThat(refused.getSQLState()).isEqualTo("42501"));
  }

  private static void execute(String role, String sql) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection(); Statement statement = connection.createStatement()) {
      if (role.equals("postgres")) {
        statement.execute(sql);
      } else {
        String path = role.equals("orders") ? role : "public";
        statement.execute("set role " + role + "; set search_path = " + path);
        statement.execute(sql);
      }
    }
  }
}
