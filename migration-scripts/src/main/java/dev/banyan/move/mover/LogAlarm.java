package dev.banyan.move.mover;

import dev.banyan.control.ControlPlane;
import dev.banyan.control.Extraction;
import dev.banyan.move.cutover.RetainedLog;
import dev.banyan.move.cutover.RetainedLog.Level;
import java.util.Map;

/** Tells people, once for each crossing, that the slot retains much. */
final class LogAlarm {

  // Below what it was said at: what goes up and down around a line is no news.
  private static final int OVER_BELOW_PERCENT = 40;

  private final ControlPlane control;
  private final MoverListener listener;
  private Level said = Level.NORMAL;

  LogAlarm(ControlPlane control, MoverListener listener) {
    this.control = control;
    this.listener = listener;
  }

  /** Hears what was measured. */
  void hear(Extraction record, RetainedLog log) {
    Level level = log.level();
    if (level == Level.LOST) {
      return;
    }
    if (level.compareTo(said) > 0) {
      said = level;
      control.record(record, "log.warning", detail(log));
      listener.say("Warning: %s. Past the limit the slot is given up, so that the disk does not fill.".formatted(log));
    } else if (said != Level.NORMAL && log.slot().retainedBytes() < log.part(OVER_BELOW_PERCENT)) {
      said = Level.NORMAL;
      control.record(record, "log.normal", detail(log));
      listener.say("No warning any more: %s.".formatted(log));
    }
  }

  static Map<String, ?> detail(RetainedLog log) {
    return Map.of("slot", log.slot().name(), "side", log.owner().word(), "retained", log.slot().retainedBytes(),
        "limit", log.limit().bytes(), "level", log.level().word());
  }
}
