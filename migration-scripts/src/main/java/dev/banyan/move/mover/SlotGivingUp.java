package dev.banyan.move.mover;

import dev.banyan.control.ControlPlane;
import dev.banyan.control.Extraction;
import dev.banyan.control.Phase;
import dev.banyan.control.client.Owner;
import dev.banyan.move.cutover.Replication;
import dev.banyan.move.cutover.RetainedLog;
import dev.banyan.move.cutover.RetainedLog.Level;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.ObjectNames;
import dev.banyan.move.database.SlotState;
import dev.banyan.move.plan.ByteCount;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives a slot up rather than let it fill its server's disk.
 *
 * <p>Invariant: it never happens between a switch's hold and its end, for there the owner's log is what the other side
 * still lacks. The caller is the one thread that carries switches out, and whoever is not in a session asks for
 * {@link Extraction#held}. Nothing acknowledged is lost: the slot is the owner's, whose rows are whole without it.
 *
 * <p>Persisted before effect: where the record is there and the slot, too, the next session drops it.
 */
final class SlotGivingUp {

  private final Workspace space;

  SlotGivingUp(Workspace space) {
    this.space = space;
  }

  /** Measures what the owner's slot retains; empty where there is no slot. */
  Optional<RetainedLog> measure(Owner owner) {
    return replication(owner).slotState().map(slot -> new RetainedLog(owner, slot, space.plan().limits().retainedWal()));
  }

  /**
   * Gives the owner's slot up, if it still retains more than it may; a client must not read rows that follow no more.
   *
   * @return the record afterwards, and why the move cannot go on; empty where nothing was done
   */
  Optional<GivenUp> giveUp(Extraction record) throws InterruptedException {
    Optional<RetainedLog> log = measure(record.owner()).filter(now -> now.level() == Level.PAST);
    if (record.held() || log.isEmpty()) {
      return Optional.empty();
    }
    ControlPlane control = space.control();
    String message = message(record, log.get());
    Map<String, Object> detail = new HashMap<>(LogAlarm.detail(log.get()));
    detail.put("reason", message);
    control.record(record, ControlPlane.SLOT_GIVEN_UP, detail);
    replication(record.owner()).takeSlotAway();
    Extraction after = record.phase() == Phase.READS_SWITCHED ? control.routeReads(record, 0) : record;
    return Optional.of(new GivenUp(after, message));
  }

  /**
   * What giving up leaves behind.
   *
   * @param record the extraction; its reads are with the monolith again where they were not
   * @param message what has happened, what is kept and what to do next
   */
  record GivenUp(Extraction record, String message) {}

  /** Finishes a giving up that was broken off; returns the record, with the reads at the monolith. */
  Extraction finish(Extraction record) throws InterruptedException {
    if (reason(record).isEmpty()) {
      return record;
    }
    replication(record.owner()).takeSlotAway();
    return record.phase() == Phase.READS_SWITCHED ? space.control().routeReads(record, 0) : record;
  }

  /**
   * Returns normally only if the owner's slot is there and has its log.
   *
   * @throws SlotGivenUpException if it was given up, invalidated or dropped
   */
  void requireSlot(Extraction record) {
    reason(record).ifPresent(reason -> {
      throw new SlotGivenUpException(reason);
    });
    Optional<SlotState> slot = replication(record.owner()).slotState();
    if (slot.filter(state -> !state.isLost()).isEmpty()) {
      throw new SlotGivenUpException(unusable(record, slot));
    }
  }

  /** Says what has become of a slot that nobody gave up, and what to do next. */
  String unusable(Extraction record, Optional<SlotState> slot) {
    Database server = record.owner() == Owner.MONOLITH ? space.monolith() : space.service();
    return "%s. What was committed since cannot be followed; nothing was applied wrongly. %s".formatted(
        slot.map(state -> state.whatBecame(server)).orElse(
            "The slot %s on %s is gone".formatted(ObjectNames.slot(record.module(), record.owner()), server)), next(record));
  }

  private Optional<String> reason(Extraction record) {
    return space.control().reasonOfLast(record.module(), ControlPlane.SLOT_GIVEN_UP, List.of("planned", "phase.in_sync"));
  }

  private String message(Extraction record, RetainedLog log) {
    return "Slot %s on the server of the %s was given up: it retained %s of log, more than limits.retained-wal %s. %s".formatted(
        log.slot().name(), log.owner().word(), new ByteCount(log.slot().retainedBytes()), log.limit(), next(record));
  }

  private String next(Extraction record) {
    String file = space.plan().file();
    if (record.owner() == Owner.SERVICE) {
      return ("The service owns module '%s' and its rows are whole. The monolith's rows stay as they are and follow no more,"
          + " so there is no rollback any more. Next: banyan complete %s").formatted(record.module(), file);
    }
    String kept = "The monolith owns module '%s' and its rows are whole. ".formatted(record.module());
    return kept + (record.phase().isFollowing()
        ? "The service's rows stay as they are, follow no more, and are not read any more. Next: banyan cancel %s, then banyan run %s, which copies anew"
            .formatted(file, file)
        : "The rows that were copied are of no more use. Next: stop the mover and start it again (banyan run %s), which copies anew, or banyan cancel %s"
            .formatted(file, file));
  }

  private Replication replication(Owner owner) {
    return new Replication(new Link(space.module(), space.monolith(), space.service(), List.of()), owner);
  }
}
