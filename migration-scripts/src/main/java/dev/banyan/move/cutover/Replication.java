package dev.banyan.move.cutover;

import dev.banyan.control.ControlPlane;
import dev.banyan.control.Extraction;
import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.Lsn;
import dev.banyan.move.database.MovedTable;
import dev.banyan.move.database.ObjectNames;
import dev.banyan.move.database.PublishedRows;
import dev.banyan.move.database.OpenTransactions;
import dev.banyan.move.database.SlotState;
import dev.banyan.move.database.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** The publication and the slot of one side. */
public final class Replication {

  private static final String END_READER = """
      select pg_terminate_backend(a.pid, 5000) from pg_replication_slots s join pg_stat_activity a on a.pid = s.active_pid
      where s.slot_name = ? and s.database = current_database() and a.usename = current_user""";
  private static final String QUERY_CANCELED = "57014";
  private static final Duration SLOT_RELEASED_WITHIN = Duration.ofSeconds(20);
  private static final Duration SLOT_POLL = Duration.ofMillis(100);

  private final Link link;
  private final Owner side;
  private final Database database;

  /** Creates the access to one side's publication and slot. */
  public Replication(Link link, Owner side) {
    this.link = link;
    this.side = side;
    this.database = link.database(side);
  }

  /** Publishes the moved tables of this side, anew where they are published already. */
  public void publish() {
    String tables = link.tables().stream().map(this::published).collect(Collectors.joining(", "));
    database.jdbi().useTransaction(handle -> {
      unpublish(handle);
      handle.execute("create publication %s for table %s with (publish_via_partition_root = true)"
          .formatted(publication(), tables));
      new PublishedRows(ObjectNames.publication(link.module())).note(handle);
    });
  }

  /** Takes the publication away. */
  public void unpublish() {
    database.jdbi().useHandle(this::unpublish);
  }

  /**
   * Creates this side's slot at the present end of its log; waits for every transaction open on the server.
   *
   * @throws TimeoutException if they do not end within {@code timeout}
   */
  public void createSlot(Duration timeout) throws TimeoutException {
    try {
      createSlotWithin(timeout);
    } catch (UnableToExecuteStatementException e) {
      if (e.getCause() instanceof SQLException cause && QUERY_CANCELED.equals(cause.getSQLState())) {
        throw new TimeoutException("Transactions on %s do not end: %s".formatted(database,
            String.join("; ", OpenTransactions.openFor(database, Duration.ZERO))));
      }
      throw e;
    }
  }

  private void createSlotWithin(Duration timeout) {
    database.jdbi().useHandle(handle -> {
      handle.execute("set statement_timeout = " + timeout.toMillis());
      try {
        handle.createQuery("select lsn::text from pg_create_logical_replication_slot(?, 'pgoutput')").bind(0, slot())
            .mapTo(String.class).one();
      } finally {
        handle.execute("set statement_timeout = 0");
      }
    });
  }

  /** Drops this side's slot, once whoever reads it has let it go; does nothing where there is none. */
  public void dropSlot() throws InterruptedException {
    dropSlot(this::tryDropSlot);
  }

  /**
   * Drops this side's slot like {@link #dropSlot()}, and only as long as no other mover has taken over.
   *
   * @throws dev.banyan.control.StaleMoverException if one has; the slot is its slot then
   */
  public void dropSlot(ControlPlane control, Extraction at) throws InterruptedException {
    dropSlot(() -> control.whileCurrent(at, this::tryDropSlot));
  }

  /** Drops this side's slot where nobody reads it and no other mover has taken over; waits for nobody. */
  public void dropIdleSlot(ControlPlane control, Extraction at) {
    control.whileCurrent(at, this::tryDropSlot);
  }

  private void dropSlot(BooleanSupplier isDropped) throws InterruptedException {
    long deadline = System.nanoTime() + SLOT_RELEASED_WITHIN.toNanos();
    while (!isDropped.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new SlotInUseException("The slot %s on %s is still in use by another process; it was not dropped."
            .formatted(slot(), database));
      }
      Thread.sleep(SLOT_POLL.toMillis());
    }
  }

  private boolean tryDropSlot() {
    Optional<SlotState> seen = slotState();
    if (seen.isPresent()) {
      dropSlotSeen(seen.get());
    }
    return seen.isEmpty() || !hasSlot();
  }

  /**
   * Drops the slot that was seen, unless somebody reads it, and none that has come after it: a statement that arrives when its
   * sender has given it up must not find another slot of that name.
   */
  private void dropSlotSeen(SlotState seen) {
    database.jdbi().useHandle(handle -> handle.createQuery("""
            select pg_drop_replication_slot(slot_name)::text from pg_replication_slots
            where slot_name = :slot and database = current_database() and not active
              and confirmed_flush_lsn is not distinct from :confirmed::pg_lsn""")
        .bind("slot", slot()).bind("confirmed", seen.confirmed().map(Lsn::toString).orElse(null)).mapTo(String.class).list());
  }

  /**
   * Ends whoever reads this side's slot. To be called by the only mover there is: it is a connection that a former one has
   * lost, and the server would wait for it as long as {@code wal_sender_timeout} says.
   */
  public void endReader() {
    database.jdbi().useHandle(handle -> handle.createQuery(END_READER).bind(0, slot()).mapTo(Boolean.class).list());
  }

  /** Tells whether this side has its slot. */
  public boolean hasSlot() {
    return slotState().isPresent();
  }

  /** Tells whether this side's slot still holds everything behind {@code position}. */
  public boolean holdsAllBehind(Lsn position) {
    return slotState().filter(slot -> !slot.isLost()).flatMap(SlotState::confirmed)
        .filter(confirmed -> confirmed.compareTo(position) <= 0).isPresent();
  }

  /** Returns this side's slot; empty where there is none. */
  public Optional<SlotState> slotState() {
    return SlotState.read(database, slot());
  }

  /** Returns how many bytes of log this side's slot retains; 0 where there is none. */
  public long retainedBytes() {
    return slotState().map(SlotState::retainedBytes).orElse(0L);
  }

  /**
   * Drops this side's slot at once, whoever reads it: its reader is ended, for it may wait for a side that does not answer.
   * Does nothing where there is none.
   */
  public void takeSlotAway() throws InterruptedException {
    database.jdbi().useHandle(handle -> handle.createQuery("""
            select pg_terminate_backend(active_pid) from pg_replication_slots
            where slot_name = ? and database = current_database() and active_pid is not null""")
        .bind(0, slot()).mapTo(Boolean.class).list());
    dropSlot();
  }

  private void unpublish(Handle handle) {
    handle.execute("drop publication if exists " + publication());
  }

  private String published(MovedTable table) {
    return side == Owner.MONOLITH
        ? table.monolith().name().sql() + table.where().map(where -> " where (" + where + ")").orElse("")
        : table.service().name().sql();
  }

  private String publication() {
    return Sql.identifier(ObjectNames.publication(link.module()));
  }

  private String slot() {
    return ObjectNames.slot(link.module(), side);
  }
}
