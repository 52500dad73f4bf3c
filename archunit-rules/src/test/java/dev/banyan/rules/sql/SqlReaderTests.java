package dev.banyan.rules.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlReaderTests {

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "select * from a.t | reads a.t",
      "select * from a.t x, b.u y join c.v on true | reads a.t, reads b.u, reads c.v",
      "select (select max(id) from b.u) from a.t where exists (select 1 from c.v) | reads a.t, reads b.u, reads c.v",
      "select a.t from b.u a where a.t = 1 for update | reads b.u",
      "with x as (select 1 from a.t) select * from x join b.u on true | reads a.t, reads b.u",
      "insert into a.t select * from b.u | reads b.u, writes a.t",
      "update a.t set x = (select y from b.u) | reads b.u, writes a.t",
      "delete from a.t where id in (select id from b.u) | reads b.u, writes a.t",
      "select extract(year from at) from a.t | reads a.t",
      "SELECT \"T\".\"x\" FROM \"A\".\"T\" | reads a.t",
      "select * from `a`.`t` | reads a.t",
      "select * from a.t where x = 'from b.u' -- join c.v | reads a.t",
      "select #{#x} from a.t, b.u y where id = ?1 | reads a.t, reads b.u",
      "with x as (select 1 from a.t) select #{y} from x join b.u on a.t = 1 | reads a.t, reads b.u",
      "select #{y} from a.t where x is distinct from b.u | reads a.t",
      "merge into a.t using b.u on (t.id = u.id) when matched then update set x = 1 | reads b.u, writes a.t",
      "lock table a.t in share mode | writes a.t",
      "create index on a.t (x) | writes a.t",
      "alter table a.t add constraint f foreign key (x) references b.u (id) on delete cascade | writes a.t, refers to b.u",
      "truncate table a.t, b.u | writes a.t, writes b.u",
      "create or replace view a.v as select * from b.u where b.u.x = 1 | writes a.v, reads b.u",
      "grant select on a.t, b.u to r | refers to a.t, refers to b.u",
      "select * from f(1) x, a.t | reads a.t",
      "select nextval('a.s') | refers to a.s",
      "insert into a.t values (nextval('b.s')) | writes a.t, refers to b.s",
      "replace into a.t values (1) | writes a.t",
      "reindex table concurrently a.t | writes a.t",
      "reindex index a.i | writes a.i",
      "alter table a.t inherit b.u | writes a.t, refers to b.u",
      "alter table only a.t no inherit b.u | writes a.t, refers to b.u",
      "merge a.t as x using b.u as y on x.id = y.id when matched then delete; | writes a.t, reads b.u",
      "merge top (5) a.t using b.u y on t.id = y.id when matched then delete; | writes a.t, reads b.u",
      "select pg_get_serial_sequence('a.t', 'id') | refers to a.t",
      "select setval(pg_get_serial_sequence('a.t', 'id'), max(id)) from b.u | refers to a.t, reads b.u",
      "select 1 from b.u where to_regclass('a.t') is null and pg_total_relation_size('c.v'::regclass) > 0 | refers to a.t, refers to c.v, reads b.u",
      "select a id from a.t where id = ? | reads a.t"})
  void readsTablesAndWhatIsDoneToThem(String sql, String expected) {
    assertThat(SqlReader.read(sql).orElseThrow().uses().stream().map(use -> use.access().verb() + " " + use.table()))
        .containsExactlyInAnyOrder(expected.split(", "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "users.account", "Update account", "Delete an order from the list", "Insert coin", "Select an account",
      "Select a file from the list", "Select an item from account.", "Create account", "Merge the two", "from a.t", "with kind regards",
          "Drop it", "Update a.t", "update your set of rules"})
  void takesOtherTextsForWhatTheyAre(String text) {
    assertThat(SqlReader.read(text)).isEmpty();
  }

  /** What a block puts together is read as what code puts together is: a table that is put in is known to be unknown. */
  @ParameterizedTest
  @CsvSource(delimiterString = " / ", quoteCharacter = '^', value = {
      "do $$ begin execute 'delete from ' || t; end $$ / writes …",
      "do $$ begin execute 'delete from b.' || t; end $$ / writes b.…",
      "do $$ begin execute 'delete from b.u where id = ' || x; end $$ / writes b.u",
      "do $$ begin execute format('delete from %I.u', s); end $$ / writes ….u",
      "do $$ begin execute format('delete from b.u where id = %L', x); end $$ / writes b.u",
      "do $$ begin execute format($q$delete from %I.u$q$, s); end $$ / writes ….u",
      "do $$ begin execute format('delete from %I.%I', 'b', 'u'); end $$ / writes b.u",
      "do $$ begin execute format('delete from %2$I.%1$s where x = %3$L', t, 'b', y); end $$ / writes b.…",
      "do $$ begin execute $q$delete from $q$ || t; end $$ / writes …",
      "do $$ begin execute $q$delete from b.u$q$; end $$ / writes b.u",
      "do $$ begin execute 'delete from ' || quote_ident('b') || '.u'; end $$ / writes b.u",
      "do $$ begin execute 'delete from ' || quote_ident(s) || '.u'; end $$ / writes ….u",
      "do $$ declare q text := 'delete from b.u'; begin execute q; end $$ / writes b.u",
      "do $$ declare q varchar(20) default 'delete from b.u'; begin execute q using 1; end $$ / writes b.u",
      "do $$ declare q text; begin q := 'delete from '; q := q || 'b.u'; execute q; end $$ / writes b.u",
      "do $$ declare q text; begin if x then q := 'delete from b.u'; else q := format('delete from %I', t); end if; execute q; end $$ / writes b.u, writes …",
      "do $$ declare q text; begin q := $q$delete from b.u$q$; execute q into n; end $$ / writes b.u",
      "do $$ declare q text; begin select t into q from a.u; execute q; end $$ / reads a.u, reads …",
      "create procedure a.p(in t text) begin set @q = concat('delete from b.', t); prepare s from @q; execute s; end / writes a.p(), writes b.…",
      "create procedure a.p() begin prepare s from 'delete from b.u'; execute s; end / writes a.p(), writes b.u",
      "begin q := 'delete from b.u'; execute immediate q; end; / writes b.u",
      "do $$ begin for r in execute q loop null; end loop; end $$ / reads …",
      "begin execute immediate q using x; end; / reads …",
      "grant execute on function a.f to r / refers to a.f()",
      "create trigger t after insert on a.t for each row execute function a.f() / writes a.t, refers to a.f()",
      "do $$ begin execute 'alter role ' || r; end $$ / "})
  void readsWhatABlockExecutes(String sql, String expected) {
    assertThat(SqlReader.readStatement(sql, Optional.empty()).uses().stream().map(use -> use.access().verb() + " " + use.table()))
        .containsExactlyInAnyOrderElementsOf(expected == null ? List.of() : List.of(expected.split(", ")));
  }

  @ParameterizedTest
  @CsvSource(delimiterString = " / ", quoteCharacter = '^', value = {
      "create function a.f() returns void language sql set search_path = b as $$ delete from u $$ / b.u",
      "create function a.f() returns void language sql set search_path from current as $$ delete from u $$ / u",
      "set search_path = pg_catalog, b; delete from u / b.u",
      "set search_path = \"$user\", b; delete from u / b.u",
      "select set_config('search_path', 'pg_catalog, b', false); delete from u / b.u",
      "set search_path = b, public; delete from u / b.u",
      "set search_path = public, b; delete from u / ….u"})
  void aSchemaThatIsSetHoldsForNamesWithoutOne(String sql, String table) {
    assertThat(SqlReader.readStatement(sql, Optional.empty()).uses()).extracting(TableUse::table).filteredOn(each -> !each.isRoutine())
        .extracting(TableName::toString).containsExactly(table);
  }

  @Test
  void tellsTheLineOfEachTableOfAScript() {
    List<TableUse> uses = SqlReader.readScript("create view a.v as\n/* \n */ select * from\nb.u");

    assertThat(uses).extracting(TableUse::line).containsExactly(1, 4);
  }
}
