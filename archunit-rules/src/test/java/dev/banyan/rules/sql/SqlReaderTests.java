package dev.banyan.rules.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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

  @Test
  void tellsTheLineOfEachTableOfAScript() {
    List<TableUse> uses = SqlReader.readScript("create view a.v as\n/* \n */ select * from\nb.u");

    assertThat(uses).extracting(TableUse::line).containsExactly(1, 4);
  }
}
