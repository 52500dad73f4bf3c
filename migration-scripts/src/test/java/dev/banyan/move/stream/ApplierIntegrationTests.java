package dev.banyan.move.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.ControlSchema;
import dev.banyan.control.client.Owner;
import dev.banyan.move.TwoServers;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.FlowColumn;
import dev.banyan.move.database.Lsn;
import dev.banyan.move.database.TableFlow;
import dev.banyan.move.database.TableName;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A lock on the table holds the writer up, so that what happens meanwhile is certain. */
class ApplierIntegrationTests {

  private static final boolean MORE = true;
  private static final boolean NO_MORE = false;
  private static final TableName NAME = new TableName("s", "t");
  private static final TableFlow TABLE = new TableFlow(NAME, NAME,
      List.of(new FlowColumn("id", "id", "integer", "integer", true, false, true)), false, Optional.empty(), Optional.empty());

  private final Gate gate = new Gate();
  private final List<String> met = new CopyOnWriteArrayList<>();
  private Database service;
  private Connection other;
  private TargetSession session;
  private WriterThread writer;
  private Applier applier;

  @BeforeEach
  void begins() throws Exception {
    service = new Database(TwoServers.service("applier"));
    ControlSchema.installSide(service.dataSource());
    service.jdbi().useHandle(handle -> handle.createScript("""
        create schema s; create table s.t (id int primary key);
        insert into banyan.side (module, epoch, applied) values ('m', 1, '0/0');""").execute());
    other = service.connect();
    other.setAutoCommit(false);
    session = new TargetSession(service, "m", Owner.MONOLITH);
    writer = new WriterThread("test-writer");
    applier = new Applier(session, writer, 1, Lsn.ZERO, gate, met::add);
  }

  @AfterEach
  void ends() throws Exception {
    other.close();
    writer.close();
    session.close();
    service.close();
  }

  private void lock() throws Exception {
    try (var statement = other.createStatement()) {
      statement.execute("lock table s.t");
    }
  }

  /** A transaction that inserts its end as a key. */
  private void inserts(int end) throws Exception {
    String[] row = {Integer.toString(end)};
    changes(new RowChange(TABLE, RowChange.Kind.INSERT, new Key(List.of(row)), row), end);
  }

  private void changes(RowChange change, int end) throws Exception {
    applier.changed(change, new Lsn(end - 1));
    applier.marked("mark " + end);
    applier.committed(new Lsn(end));
  }

  private List<Integer> rows() {
    return service.jdbi().withHandle(handle -> handle.createQuery("select id from s.t order by id").mapTo(Integer.class).list());
  }

  private Lsn stored() {
    return StoredPosition.read(service, "m");
  }

  @Test
  void gathersWhatComesWhileTheFormerIsWritten() throws Exception {
    lock();
    inserts(10);
    assertThat(applier.delivered(MORE)).isEqualTo(Lsn.ZERO);
    inserts(20);
    inserts(30);
    assertThat(applier.delivered(MORE)).isEqualTo(Lsn.ZERO);
    assertThat(met).isEmpty();

    other.rollback();

    assertThat(applier.delivered(NO_MORE)).isEqualTo(new Lsn(30));
    assertThat(stored()).isEqualTo(new Lsn(30));
    assertThat(rows()).containsExactly(10, 20, 30);
    assertThat(met).containsExactly("mark 10", "mark 20", "mark 30");
  }

  @Test
  void keepsTheEndOfATransactionThatIsStillArrivingForLater() throws Exception {
    inserts(10);
    String[] row = {"15"};
    applier.changed(new RowChange(TABLE, RowChange.Kind.INSERT, new Key(List.of(row)), row), new Lsn(14));
    assertThat(applier.delivered(NO_MORE)).isEqualTo(new Lsn(10));
    assertThat(rows()).containsExactly(10);

    applier.committed(new Lsn(20));

    assertThat(applier.delivered(NO_MORE)).isEqualTo(new Lsn(20));
    assertThat(rows()).containsExactly(10, 15);
  }

  @Test
  void writesNothingBehindWhatCouldNotBeWritten() throws Exception {
    lock();
    changes(new RowChange(TABLE, RowChange.Kind.DELETE, new Key(List.of("7")), null), 10);
    applier.delivered(MORE);
    inserts(20);

    other.rollback();

    assertThatThrownBy(() -> applier.delivered(NO_MORE)).hasMessageContaining("not what its owner believes");
    assertThatThrownBy(() -> applier.delivered(NO_MORE)).hasMessageContaining("not what its owner believes");
    assertThat(stored()).isEqualTo(Lsn.ZERO);
    assertThat(rows()).isEmpty();
    assertThat(met).isEmpty();
  }

  @Test
  void standsInFrontOfALimitOnceAllBeforeItIsDurable() throws Exception {
    gate.limit(new Lsn(10));
    lock();
    inserts(10);
    applier.delivered(MORE);
    FutureTask<Void> behind = new FutureTask<>(() -> {
      inserts(20);
      return null;
    });
    Thread deliverer = new Thread(behind);
    deliverer.start();
    await().until(() -> deliverer.getState() == Thread.State.WAITING);
    assertThat(gate.isWaiting()).isFalse();

    other.rollback();

    gate.awaitStop(Duration.ofSeconds(20));
    assertThat(stored()).isEqualTo(new Lsn(10));
    assertThat(rows()).containsExactly(10);
    gate.open();
    behind.get(20, TimeUnit.SECONDS);
    assertThat(applier.delivered(NO_MORE)).isEqualTo(new Lsn(20));
  }

  @Test
  void writesEarlyWhatIsTakenOutOfATableWithoutAKeyWhereItsRowsAreLarge() throws Exception {
    lock();
    TableFlow keyless = new TableFlow(NAME, NAME, TABLE.columns(), true, Optional.empty(), Optional.empty());
    Key row = new Key(List.of("1".repeat(1 << 20)));
    for (int i = 0; i < 17; i++) {
      applier.changed(new RowChange(keyless, RowChange.Kind.DELETE, row, null), new Lsn(9));
    }
    assertThat(writer.isBusy()).isTrue();
  }
}
