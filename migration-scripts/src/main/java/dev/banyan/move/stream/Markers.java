package dev.banyan.move.stream;

import dev.banyan.move.database.Database;
import dev.banyan.move.database.ObjectNames;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Marks that one side puts into its own log. When the applier on the other side meets one, everything committed before
 * it has been applied; nobody has to guess from idle positions. A heartbeat is a mark that carries the time.
 *
 * <p>Source: <a href="https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-REPLICATION">
 * {@code pg_logical_emit_message}</a>.
 */
final class Markers {

  private static final String BEAT = "beat";

  private final String module;
  private final Map<String, CompletableFuture<Void>> awaited = new ConcurrentHashMap<>();

  Markers(String module) {
    this.module = module;
  }

  /** Puts a mark into the log of {@code owner}; the answer completes when it was met and all before it is durable. */
  CompletableFuture<Void> put(Database owner) {
    String content = module + ":" + UUID.randomUUID();
    CompletableFuture<Void> met = new CompletableFuture<>();
    awaited.put(content, met);
    met.whenComplete((nothing, error) -> awaited.remove(content));
    emit(owner, content);
    return met;
  }

  /** Puts a time into the log of {@code owner}. */
  void beat(Database owner, Instant now) {
    emit(owner, module + ":" + BEAT + ":" + now.toEpochMilli());
  }

  /** Completes what waits for the mark. */
  void met(String content) {
    CompletableFuture<Void> waiting = awaited.get(content);
    if (waiting != null) {
      waiting.complete(null);
    }
  }

  /** Returns when a heartbeat was put into the log, or null where the mark is none of ours. */
  @Nullable Instant beatAt(String content) {
    String prefix = module + ":" + BEAT + ":";
    String millis = content.startsWith(prefix) ? content.substring(prefix.length()) : "";
    // Any role may put a text of this form into the log.
    return millis.matches("\\d{1,15}") ? Instant.ofEpochMilli(Long.parseLong(millis)) : null;
  }

  /** Puts a text into the log of {@code owner}. */
  void emit(Database owner, String content) {
    owner.jdbi().useHandle(handle -> handle.createQuery("select pg_logical_emit_message(true, ?, ?)::text")
        .bind(0, ObjectNames.MARKS).bind(1, content).mapTo(String.class).one());
  }
}
