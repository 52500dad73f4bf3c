package dev.banyan.move.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.ControlSchema;
import dev.banyan.control.client.Owner;
import dev.banyan.move.TwoServers;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.FlowColumn;
import dev.banyan.move.database.Lsn;
import dev.banyan.move.database.TableFlow;
import dev.banyan.move.database.TableName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChangedKeysIntegrationTests {

  private static final TableName NAME = new TableName("s", "t");
  private static final TableFlow TABLE = new TableFlow(NAME, NAME, List.of(
      new FlowColumn("a", "a", "integer", "integer", true, false, true), new FlowColumn("b", "b", "text", "text", true, false, true)),
      false, Optional.empty(), Optional.empty());

  private Database service;
  private TargetSession session;

  @BeforeEach
  void follows() throws Exception {
    service = new Database(TwoServers.service("changed_keys"));
    ControlSchema.installSide(service.dataSource());
    service.jdbi().useHandle(handle -> handle.createScript("""
        create schema s; create table s.t (a int, b text, primary key (a, b));
        insert into banyan.side (module, epoch) values ('m', 1);""").execute());
    session = new TargetSession(service, "m", Owner.MONOLITH);
  }

  @AfterEach
  void ends() throws Exception {
    session.close();
    service.close();
  }

  private static RowChange inserted(int a, String b) {
    return new RowChange(TABLE, RowChange.Kind.INSERT, new Key(List.of(Integer.toString(a), b)), new String[] {Integer.toString(a), b});
  }

  private void commit(int at) throws Exception {
    session.commit(new Lsn(at), 1);
  }

  private List<String> kept() {
    return service.jdbi().withHandle(handle -> handle.createQuery("""
        select k.a || k.b from banyan.changed_keys, unnest(keys[1 : count], keys[count + 1 : 2 * count]) k(a, b) where module = 'm' and name = 's.t' order by 1""")
        .mapTo(String.class).list());
  }

  @Test
  void keepsNothingThatNobodyWants() throws Exception {
    session.write(List.of(inserted(1, "x")));
    commit(1);
    session.write(List.of(inserted(2, "x")));
    session.write(List.of(inserted(3, "x")));
    commit(2);
    assertThat(kept()).isEmpty();
  }

  @Test
  void keepsWhatATransactionHadWrittenBeforeKeepingBegan() throws Exception {
    session.write(List.of(inserted(1, "x")));
    session.write(List.of(inserted(2, "x")));
    session.keepKeysOf(Set.of("s.t"));
    session.write(List.of(inserted(3, "y\"{},")));
    commit(1);
    assertThat(kept()).containsExactly("1x", "2x", "3y\"{},");
  }

  @Test
  void keepsTheFormerAndTheNewKeyOfARowThatMoves() throws Exception {
    session.keepKeysOf(Set.of("s.t"));
    session.write(List.of(inserted(1, "x")));
    session.write(List.of(new RowChange(TABLE, RowChange.Kind.UPDATE, new Key(List.of("1", "x")), new String[] {"7", "x"})));
    commit(1);
    assertThat(kept()).contains("1x", "7x");
  }

  @Test
  void keepsNothingOfATransactionThatIsNotCommitted() throws Exception {
    session.keepKeysOf(Set.of("s.t"));
    session.write(List.of(inserted(1, "x")));
    session.write(List.of(inserted(2, "x")));
    session.close();
    assertThat(kept()).isEmpty();
    session = new TargetSession(service, "m", Owner.MONOLITH);
  }
}
