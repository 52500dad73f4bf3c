package dev.banyan.control;

import dev.banyan.control.client.Owner;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The extraction records, and the one way to change them: each change names the epoch it is made under, is journaled
 * in the same transaction, and tells those who listen on channel {@code banyan}.
 *
 * <p>Idea: compare and set. A mover that lost its place changes nothing, because its epoch is no longer the record's.
 */
public final class ControlPlane {

  /** The journal's event of a slot that was given up; its reason says what has become of the move. */
  public static final String SLOT_GIVEN_UP = "slot.given-up";
  private static final String TAKEN_BACK_WITH_LOSS = "taken-back.with-loss";
  private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);
  private static final String COLUMNS =
      "module, phase, owner, epoch, reads_percent, route_version, held, monolith_url, service_url, max_hold_ms";

  /** Changes, journals and announces in one round trip, because writes may be held. */
  private static final String CHANGE = """
      with changed as (
        update banyan.extraction set %s, updated_at = clock_timestamp()
        where module = :module and epoch = :epoch and phase = :from returning COLUMNS
      ), journaled as (insert into banyan.journal (module, epoch, actor, event, detail)
        select module, epoch, :actor, :event, cast(:detail as jsonb) from changed)
      select *, pg_notify('banyan', module) from changed""".replace("COLUMNS", COLUMNS);

  private final Jdbi monolith;
  private final Journal journal;

  /** Creates the access to the control tables of a monolith's database. */
  public ControlPlane(Jdbi monolith, String actor) {
    this.monolith = monolith;
    this.journal = new Journal(actor);
  }

  /** Returns whether the control tables are there at all. */
  public boolean isInstalled() {
    return monolith.withHandle(handle ->
        handle.createQuery("select to_regclass('banyan.extraction') is not null").mapTo(Boolean.class).one());
  }

  /** Returns the extraction of a module, if one was ever registered. */
  public Optional<Extraction> find(String module) {
    return monolith.withHandle(handle -> find(handle, module, ""));
  }

  /** Returns the extraction of a module that must be there. */
  public Extraction get(String module) {
    return find(module).orElseThrow(() -> new IllegalStateException("Module '%s' has no extraction".formatted(module)));
  }

  /** Registers an extraction in phase {@link Phase#PLANNED}, anew where an earlier one was cancelled or has not begun. */
  public void register(Registration registration) {
    monolith.useTransaction(handle -> {
      Optional<Extraction> earlier = find(handle, registration.module(), "for update");
      boolean begun = earlier.filter(record -> record.phase() != Phase.PLANNED && !record.phase().mayBecome(Phase.PLANNED)).isPresent();
      if (begun) {
        return;
      }
      registration.writeTo(handle);
      journal.write(handle, get(handle, registration.module()), "planned", Map.of("tables", registration.tables().size()));
      announce(handle, registration.module());
    });
  }

  /** Raises the epoch, so that whoever worked under an older one is refused from now on, and returns the record. */
  public Extraction takeOver(String module) {
    return monolith.inTransaction(handle -> {
      handle.createUpdate("update banyan.extraction set epoch = epoch + 1, updated_at = clock_timestamp() where module = ?")
          .bind(0, module).execute();
      Extraction taken = get(handle, module);
      handle.createUpdate("""
              insert into banyan.mover (module, epoch, state) values (?, ?, 'starting')
              on conflict (module) do update set epoch = excluded.epoch, state = excluded.state, seen_at = clock_timestamp(),
                lag_millis = null, lag_bytes = null, message = null""")
          .bind(0, module).bind(1, taken.epoch()).execute();
      journal.write(handle, taken, "mover.started", Map.of());
      return taken;
    });
  }

  /** Goes to another phase with the same owner. */
  public Extraction advance(Extraction from, Phase to, Map<String, ?> detail) {
    requireLegal(from.phase(), to);
    return change(from, "phase = :to", Map.of("to", to.name()), "phase." + to.name().toLowerCase(Locale.ROOT), detail);
  }

  /** Lets the service answer this share of the reads while the monolith owns; 0 leads back to {@link Phase#IN_SYNC}. */
  public Extraction routeReads(Extraction from, int percent) {
    Phase to = percent == 0 ? Phase.IN_SYNC : Phase.READS_SWITCHED;
    if (from.phase() != to) {
      requireLegal(from.phase(), to);
    }
    return change(from, "phase = :to, reads_percent = :percent, route_version = route_version + 1",
        Map.of("to", to.name(), "percent", percent), "reads.routed", Map.of("percent", percent));
  }

  /** Tells proxies to keep the module's writes waiting. */
  public Extraction hold(Extraction from) {
    return change(from, "held = true, route_version = route_version + 1", Map.of(), "switch.holding", Map.of());
  }

  /** Tells proxies to keep the module's writes waiting, each for {@code most} at most, whatever was said when the move began. */
  public Extraction hold(Extraction from, Duration most) {
    return change(from, "held = true, max_hold_ms = :millis, route_version = route_version + 1", Map.of("millis", most.toMillis()),
        "switch.holding", Map.of());
  }

  /** Tells proxies to send the module's writes, those that wait first, to the owner. */
  public Extraction release(Extraction from) {
    return change(from, "held = false, route_version = route_version + 1", Map.of(), "switch.released",
        Map.of("owner", from.owner().word()));
  }

  /**
   * The point of no return: one record gives the module to the other side, under a new epoch. Whatever is fenced and
   * held stays so; who carries the switch on reads the owner from here.
   */
  public Extraction decide(Extraction from, Map<String, ?> detail) {
    Owner owner = from.owner().other();
    Phase to = owner == Owner.SERVICE ? Phase.WRITES_SWITCHED : Phase.IN_SYNC;
    requireLegal(from.phase(), to);
    return change(from, "owner = :owner, phase = :to, epoch = epoch + 1, reads_percent = 0",
        Map.of("owner", owner.name(), "to", to.name()), "switch.decided", detail);
  }

  /**
   * Gives a module back to the monolith without the service, whose last changes are lost to it. In the same transaction the
   * certificates end, and the stream: what is lost can neither be followed past nor be proven equal.
   *
   * @param reason why the move cannot go on, for whoever asks later
   */
  public Extraction decideWithLoss(Extraction from, Map<String, ?> known, String reason) {
    requireLegal(from.phase(), Phase.IN_SYNC);
    return change(from, "owner = 'MONOLITH', phase = 'IN_SYNC', epoch = epoch + 1, reads_percent = 0", Map.of(), "switch.decided", known,
        (handle, after) -> {
          journal.write(handle, after, SLOT_GIVEN_UP, Map.of("reason", reason));
          journal.write(handle, after, TAKEN_BACK_WITH_LOSS, Map.of("reason", reason));
          handle.execute("delete from banyan.table_certificate where module = ?", after.module());
        });
  }

  /** Returns why the service's rows may be the only copy of what was written last; empty where they are not. */
  public Optional<String> lossOf(String module) {
    return reasonOfLast(module, TAKEN_BACK_WITH_LOSS, List.of("planned", "phase.in_sync"));
  }

  /**
   * Returns normally only if no mover has taken over since.
   *
   * @throws StaleMoverException if one has
   */
  public void requireCurrent(Extraction at) {
    if (get(at.module()).epoch() != at.epoch()) {
      throw new StaleMoverException(at.module(), at.epoch());
    }
  }

  /** Writes a journal record without changing anything else; refused under an old epoch like any change. */
  public void record(Extraction at, String event, Map<String, ?> detail) {
    monolith.useTransaction(handle -> journal.write(handle, requireCurrent(handle, at), event, detail));
  }

  /**
   * Says which step of a switch comes now, before it does; refused under an old epoch like any change. Does not wait for the
   * disk: nothing depends on such a record, and each later one that something depends on takes it along.
   */
  public void begin(Extraction at, String step) {
    boolean written = monolith.withHandle(handle -> journal.note(handle, at, "switch.step", Map.of("step", step)));
    if (!written) {
      throw new StaleMoverException(at.module(), at.epoch());
    }
  }

  /**
   * Does something that only the mover may do which has the extraction, and keeps others from taking it over meanwhile.
   *
   * @throws StaleMoverException if one has taken over already; nothing was done
   */
  public <T> T whileCurrent(Extraction at, Supplier<T> act) {
    return monolith.inTransaction(handle -> {
      requireCurrent(handle, at);
      return act.get();
    });
  }

  /** Returns the record, and keeps everybody from changing it until the transaction ends; fails where the epoch has passed. */
  static Extraction requireCurrent(Handle handle, Extraction at) {
    Extraction current = find(handle, at.module(), "for share").orElse(null);
    if (current == null || current.epoch() != at.epoch()) {
      throw new StaleMoverException(at.module(), at.epoch());
    }
    return current;
  }

  /**
   * Does something once in a move, and journals it in the same transaction, which is the caller's. Does nothing where the journal
   * tells it already: whoever finishes what was broken off must not meet what others have made since by the same names.
   *
   * @throws StaleMoverException if another mover has taken over; nothing was done
   */
  public void once(Handle handle, Extraction at, String event, Runnable act) {
    Extraction current = requireCurrent(handle, at);
    boolean done = handle.createQuery("""
            select event = :event from banyan.journal where module = :module and event in ('planned', :event) order by id desc limit 1""")
        .bind("event", event).bind("module", at.module()).mapTo(Boolean.class).findOne().orElse(false);
    if (!done) {
      act.run();
      journal.write(handle, current, event, Map.of());
    }
  }

  /** Tells whether everything that an ended extraction had made has been taken away. */
  public boolean isCleaned(String module) {
    return monolith.withHandle(handle -> handle.createQuery("""
            select event = 'cleaned' from banyan.journal
            where module = ? and event in ('planned', 'phase.completed', 'phase.cancelled', 'cleaned') order by id desc limit 1""")
        .bind(0, module).mapTo(Boolean.class).findOne().orElse(true));
  }

  /** Tells whether the service was to keep the rows it has when the extraction was cancelled last. */
  public boolean isDataKept(String module) {
    return ofLast(module, "phase.cancelled", "(detail ->> 'keepData')::boolean", Boolean.class).orElse(false);
  }

  /** Returns how long ago the owner changed last, by the database's clock; empty where it never did. */
  public Optional<Duration> sinceDecided(String module) {
    return ofLast(module, "switch.decided", "(extract(epoch from clock_timestamp() - at) * 1000)::bigint", Long.class).map(Duration::ofMillis);
  }

  /** Returns where the service was when the extraction was cancelled last, if that was done without it. */
  public Optional<String> cancelledWithout(String module) {
    return ofLast(module, "phase.cancelled", "detail ->> 'withoutService'", String.class);
  }

  /** Returns what was to become of the former tables when the extraction was completed, as it was said then. */
  public Optional<String> completedWith(String module) {
    return ofLast(module, "phase.completed", "detail ->> 'tables'", String.class);
  }

  private <T> Optional<T> ofLast(String module, String event, String what, Class<T> type) {
    return monolith.withHandle(handle -> handle.createQuery(
            "select %s from banyan.journal where module = :module and event = :event order by id desc limit 1".formatted(what))
        .bind("module", module).bind("event", event).mapTo(type).findOne());
  }

  /** Returns the {@code reason} of a module's last such event, unless one of the others has come after it. */
  public Optional<String> reasonOfLast(String module, String event, List<String> others) {
    return detailOfLast(module, event, "reason", others);
  }

  /** Returns one thing that a module's last such event tells, unless one of the others has come after it. */
  public Optional<String> detailOfLast(String module, String event, String what, List<String> others) {
    return monolith.withHandle(handle -> handle.createQuery("""
            select case when event = :event then detail ->> :what end from banyan.journal
            where module = :module and (event = :event or event in (<others>)) order by id desc limit 1""")
        .bind("module", module).bind("event", event).bind("what", what).bindList("others", others).mapTo(String.class).findOne());
  }

  /**
   * A switch that has begun and not ended.
   *
   * @param to the side that is to own, as users read it
   * @param step the step that came next when it was written down last
   */
  public record SwitchUnderWay(String to, String step) {}

  /** Returns the switch that is under way, or was when its mover was lost; empty once a mover has taken over since. */
  public Optional<SwitchUnderWay> switchUnderWay(String module) {
    return monolith.withHandle(handle -> handle.createQuery("""
            select coalesce(
              (select detail ->> 'to' from banyan.journal where module = :module and event = 'switch.preparing' and id > (
                select coalesce(max(id), 0) from banyan.journal
                where module = :module and event in ('switch.done', 'switch.cancelled', 'mover.started')) order by id desc limit 1),
              -- Its first step says where it leads to, and has not done so yet.
              (select case owner when 'MONOLITH' then 'service' else 'monolith' end from banyan.extraction where module = :module)),
              last.detail ->> 'step'
            from (select event, detail from banyan.journal where module = :module
              and event in ('switch.step', 'switch.done', 'switch.cancelled', 'mover.started') order by id desc limit 1) last
            where last.event = 'switch.step'""")
        .bind("module", module).map((row, context) -> new SwitchUnderWay(String.valueOf(row.getString(1)), row.getString(2))).findOne());
  }

  /** Forgets the tables and routes of an extraction that was cancelled, so that other plans may have them. */
  public void forgetPlan(Extraction cancelled) {
    monolith.useTransaction(handle -> {
      handle.execute("delete from banyan.moved_table where module = ?", cancelled.module());
      handle.execute("delete from banyan.table_certificate where module = ?", cancelled.module());
      handle.execute("delete from banyan.route where module = ?", cancelled.module());
      announce(handle, cancelled.module());
    });
  }

  /** Returns the last journal records of a module, newest first. */
  public List<JournalRecord> journal(String module, int most) {
    return monolith.withHandle(handle -> journal.last(handle, module, most));
  }

  /** Returns the database that holds the control tables. */
  public Jdbi database() {
    return monolith;
  }

  private Extraction change(Extraction from, String set, Map<String, ?> values, String event, Map<String, ?> detail) {
    return change(from, set, values, event, detail, (handle, after) -> { });
  }

  private Extraction change(Extraction from, String set, Map<String, ?> values, String event, Map<String, ?> detail,
      BiConsumer<Handle, Extraction> also) {
    return monolith.inTransaction(handle -> {
      Extraction after = read(journal.written(handle.createQuery(CHANGE.formatted(set)), event, detail)
          .bindMap(values)
          .bind("module", from.module()).bind("epoch", from.epoch()).bind("from", from.phase().name()))
          .orElseThrow(() -> new StaleMoverException(from.module(), from.epoch()));
      also.accept(handle, after);
      LOG.debug("{}: {} ({} → {}, epoch {})", event, from.module(), from.phase(), after.phase(), after.epoch());
      return after;
    });
  }

  private static void requireLegal(Phase from, Phase to) {
    if (!from.mayBecome(to)) {
      throw new IllegalStateException("An extraction in phase %s cannot become %s".formatted(from, to));
    }
  }

  private static Extraction get(Handle handle, String module) {
    return find(handle, module, "").orElseThrow();
  }

  private static Optional<Extraction> find(Handle handle, String module, String lock) {
    return read(handle.createQuery("select %s from banyan.extraction where module = :module %s".formatted(COLUMNS, lock))
        .bind("module", module));
  }

  private static Optional<Extraction> read(Query query) {
    return query.map((row, context) -> new Extraction(row.getString(1), Phase.valueOf(row.getString(2)),
            Owner.valueOf(row.getString(3)), row.getLong(4), row.getInt(5), row.getLong(6), row.getBoolean(7),
            Optional.ofNullable(row.getString(8)).map(URI::create),
            Optional.ofNullable(row.getString(9)).map(URI::create), Duration.ofMillis(row.getLong(10))))
        .findOne();
  }

  private static void announce(Handle handle, String module) {
    handle.createQuery("select pg_notify('banyan', ?)").bind(0, module).mapTo(String.class).one();
  }
}
