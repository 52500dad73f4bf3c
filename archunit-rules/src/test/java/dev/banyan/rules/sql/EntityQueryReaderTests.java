package dev.banyan.rules.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntityQueryReaderTests {

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "from Account | reads Account",
      "select a from Account a where a.from = 1 | reads Account",
      "select a from Account as a join a.addresses d left join fetch a.orders | reads Account",
      "select a, i from Account a, Item i where i.account = a | reads Account, reads Item",
      "select a from Account a join Item i on i.account = a | reads Account, reads Item",
      "select a from shop.users.Account a | reads shop.users.Account",
      "select a from Account a where exists (select 1 from Item i where i.account = a) | reads Account, reads Item",
      "select extract(year from a.created) from Account a | reads Account",
      "select a from Account a, in(a.addresses) d | reads Account",
      "select treat(a as Admin).level from Account a order by a.name | reads Account, reads Admin",
      "update Account a set a.name = :name where a.id = :id | writes Account",
      "update versioned Account set name = 'from Item' | writes Account",
      "delete Account a where a.id = 1 | writes Account",
      "delete from Account where id = 1 | writes Account",
      "insert into Archive (id) select a.id from Account a | writes Archive, reads Account"})
  void namesEntitiesAndNoPaths(String query, String expected) {
    assertThat(EntityQueryReader.read(query).stream().map(use -> use.access().verb() + " " + use.name()))
        .containsExactlyInAnyOrder(expected.split(", "));
  }
}
