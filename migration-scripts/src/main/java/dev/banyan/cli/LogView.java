package dev.banyan.cli;

import dev.banyan.control.Extraction;
import dev.banyan.move.cutover.Replication;
import dev.banyan.move.cutover.RetainedLog;
import dev.banyan.move.cutover.RetainedLog.Level;
import dev.banyan.move.database.Link;
import dev.banyan.move.mover.Workspace;
import dev.banyan.move.plan.ByteCount;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The log that the owner's slot retains, as {@code status} shows it; measured now, whether a mover runs or not. */
final class LogView {

  private LogView() {}

  /** Returns what is retained; an empty object where there is no slot. */
  static Map<String, Object> read(Workspace space, Extraction extraction, boolean watched) {
    Map<String, Object> described = new LinkedHashMap<>();
    retained(space, extraction).ifPresent(log -> {
      described.put("slot", log.slot().name());
      described.put("side", log.owner().word());
      described.put("retained", log.slot().retainedBytes());
      described.put("limit", log.limit().bytes());
      described.put("level", log.level().word());
      described.put("walStatus", log.slot().walStatus());
      log.slot().safeBytes().ifPresent(bytes -> described.put("safe", bytes));
      described.put("watched", watched);
    });
    return described;
  }

  private static Optional<RetainedLog> retained(Workspace space, Extraction extraction) {
    Link link = new Link(space.module(), space.monolith(), space.service(), List.of());
    return new Replication(link, extraction.owner()).slotState()
        .map(slot -> new RetainedLog(extraction.owner(), slot, space.plan().limits().retainedWal()));
  }

  /** Returns a line for people; empty where there is nothing that they would have to do. */
  static Optional<String> text(Map<?, ?> log) {
    if (log.isEmpty()) {
      return Optional.empty();
    }
    boolean normal = Level.NORMAL.word().equals(log.get("level"));
    boolean watched = Boolean.TRUE.equals(log.get("watched"));
    if (normal && watched) {
      return Optional.empty();
    }
    return Optional.of("  log: slot %s retains %s on the server of the %s, limits.retained-wal %s%s%s".formatted(
        log.get("slot"), bytes(log.get("retained")), log.get("side"), bytes(log.get("limit")), meaning(log),
        watched ? "" : "; no mover runs, so nobody watches it but the server's own max_slot_wal_keep_size"));
  }

  private static String meaning(Map<?, ?> log) {
    if (Level.LOST.word().equals(log.get("level"))) {
      return "; the server has taken its log away (wal_status %s)".formatted(log.get("walStatus"));
    }
    return Level.NORMAL.word().equals(log.get("level")) ? "" : "; past the limit the slot is given up";
  }

  private static ByteCount bytes(@Nullable Object number) {
    return new ByteCount(number instanceof Number bytes ? bytes.longValue() : 0);
  }
}
