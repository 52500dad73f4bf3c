package dev.banyan.move.cutover;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.SlotState;
import dev.banyan.move.plan.ByteCount;
import java.util.Locale;

/**
 * The log that an owner's server keeps for a move, beside what it may keep.
 *
 * @param owner the side that owns
 * @param slot its slot
 * @param limit {@code limits.retained-wal}
 */
public record RetainedLog(Owner owner, SlotState slot, ByteCount limit) {

  private static final int WARNING_PERCENT = 50;
  private static final int HIGH_PERCENT = 75;

  /** How much is retained, against the limit; in this order. */
  public enum Level {
    /** Less than half of the limit. */
    NORMAL,
    /** Half of the limit or more: people are told. */
    WARNING,
    /** Three quarters or more: a copy lets the stream catch up before it goes on. */
    HIGH,
    /** More than the limit: the slot is given up. */
    PAST,
    /** The server has taken the log away: the slot is of no use any more. */
    LOST;

    /** Returns the level as programs read it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Returns how much is retained, against the limit. */
  public Level level() {
    if (slot.isLost()) {
      return Level.LOST;
    }
    long bytes = slot.retainedBytes();
    if (bytes > limit.bytes()) {
      return Level.PAST;
    }
    return bytes >= part(HIGH_PERCENT) ? Level.HIGH : bytes >= part(WARNING_PERCENT) ? Level.WARNING : Level.NORMAL;
  }

  /** Returns so many hundredths of the limit, in bytes. */
  public long part(int percent) {
    return limit.bytes() / 100 * percent;
  }

  /** Says how much is retained. */
  @Override
  public String toString() {
    return "slot %s retains %s of log on the server of the %s, limits.retained-wal %s".formatted(slot.name(),
        new ByteCount(slot.retainedBytes()), owner.word(), limit);
  }
}
