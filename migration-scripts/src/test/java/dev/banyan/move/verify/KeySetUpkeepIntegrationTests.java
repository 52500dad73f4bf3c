package dev.banyan.move.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.ControlSchema;
import dev.banyan.control.client.Owner;
import dev.banyan.move.TwoServers;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.Link;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeySetUpkeepIntegrationTests {

  private Database service;
  private Database monolith;
  private KeySets sets;

  @BeforeEach
  void begins() {
    monolith = new Database(TwoServers.monolith("upkeep"));
    service = new Database(TwoServers.service("upkeep"));
    ControlSchema.installSide(monolith.dataSource());
    ControlSchema.installSide(service.dataSource());
    sets = new KeySets(new Link("m", monolith, service, List.of()));
    service.jdbi().useHandle(handle -> handle.execute("insert into banyan.side (module, epoch) values ('m', 1)"));
    sets.begin(Owner.SERVICE, List.of("s.t"), 1);
  }

  @AfterEach
  void ends() {
    monolith.close();
    service.close();
  }

  private void note(int from, int to) {
    service.jdbi().useHandle(handle -> handle.execute("""
        insert into banyan.changed_keys (module, name, keys, count)
        select 'm', 's.t', array_agg(i::text) || array_agg('x' || i), count(*) from generate_series(?, ?) i""", from, to));
  }

  private List<String> distinct() {
    return service.jdbi().withHandle(handle -> handle.createQuery("""
        select count(*) || ' of ' || count(distinct u) || ' from ' || min(u.k0::int) || ' to ' || max(u.k0::int) from banyan.changed_keys, """
        + KeySetUpkeep.unnested(2)).mapTo(String.class).list());
  }

  private static KeySet only(KeySets sets) {
    return sets.on(Owner.SERVICE).get("s.t");
  }

  @Test
  void keepsEachKeyOnce() {
    for (int i = 0; i < 10; i++) {
      note(1, 50);
    }
    note(40, 80);
    assertThat(new KeySetUpkeep(sets, 100).run(Owner.SERVICE)).isFalse();
    assertThat(distinct()).containsExactly("80 of 80 from 1 to 80");
    assertThat(only(sets).keys()).isEqualTo(80);
    assertThat(only(sets).isIntact()).isTrue();
  }

  @Test
  void givesUpASetWithTooManyDifferentKeys() {
    note(1, 101);
    assertThat(new KeySetUpkeep(sets, 100).run(Owner.SERVICE)).isTrue();
    assertThat(only(sets).lost()).hasValue("more than 100 keys have changed");
    assertThat(sets.kept(Owner.SERVICE)).isEmpty();
    assertThat(only(sets).keys()).isZero();
  }

  @Test
  void aSetThatIsBegunAnewIsAnotherSeries() {
    var series = only(sets).series();
    sets.begin(Owner.SERVICE, List.of("s.t"), 1);
    assertThat(only(sets).series()).isEqualTo(series);
    sets.lose(Owner.SERVICE, "s.t", "lost");
    sets.begin(Owner.SERVICE, List.of("s.t"), 1);
    assertThat(only(sets).series()).isNotEqualTo(series);
    assertThat(only(sets).isIntact()).isTrue();
  }

  @Test
  void anUpkeepOfAnEmptiedTableKeepsThatItWasEmptied() {
    service.jdbi().useHandle(handle -> handle.execute("insert into banyan.changed_keys (module, name, count) values ('m', 's.t', 0)"));
    note(1, 500);
    new KeySetUpkeep(sets, 1_000).run(Owner.SERVICE);
    assertThat(only(sets).lost()).hasValue("the table was emptied");
  }
}
