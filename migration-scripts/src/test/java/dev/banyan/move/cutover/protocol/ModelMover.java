package dev.banyan.move.cutover.protocol;

import dev.banyan.control.Extraction;
import dev.banyan.control.client.Owner;
import org.jspecify.annotations.Nullable;

/** A mover's memory; it is lost when the mover is killed. */
final class ModelMover {

  /** What a mover does, in the order in which it does it. */
  enum Life { DOWN, STARTING, SETTLING, CLEARING, ATTACHING, FOLLOWING, SWITCHING, HALTED }

  Life life = Life.DOWN;
  @Nullable Extraction record;
  int settled;
  @Nullable SwitchRun run;
  /** Whose log it reads and applies, under which epoch, and whether that stands still. */
  @Nullable Owner following;
  long applierEpoch;
  boolean sealed;
  /** Whether it reads the way back, and where that was turned. */
  boolean warm;
  /** Whether it does not know what has become of something; it begins anew then. */
  boolean uncertain;

  void follow(Owner owner, long epoch) {
    following = owner;
    applierEpoch = epoch;
    sealed = false;
  }

  ModelMover copy() {
    ModelMover copy = new ModelMover();
    copy.life = life;
    copy.record = record;
    copy.settled = settled;
    copy.run = run == null ? null : run.copy();
    copy.following = following;
    copy.applierEpoch = applierEpoch;
    copy.sealed = sealed;
    copy.warm = warm;
    copy.uncertain = uncertain;
    return copy;
  }

  /** Returns what it does next. */
  String doing() {
    SwitchRun switching = run;
    return switch (life) {
      case SETTLING -> SettlingStep.values()[settled].name();
      case SWITCHING -> switching == null ? "" : switching.next().name() + (switching.isBegun() ? "" : " is written down");
      default -> life.name();
    };
  }

  void describe(StringBuilder to) {
    to.append(life).append(settled).append(following).append(applierEpoch).append(sealed).append(warm).append(uncertain);
    describe(to, record);
    SwitchRun switching = run;
    if (switching != null) {
      describe(to, switching.current());
      to.append(switching.isEnded() ? "ended" : switching.next().name()).append(switching.isBegun()).append(switching.isTakenBack())
          .append(switching.turnedAt()).append(switching.from());
    }
  }

  static void describe(StringBuilder to, @Nullable Extraction record) {
    if (record != null) {
      to.append(record.owner()).append(record.epoch()).append(record.held()).append(record.phase());
    }
  }
}
