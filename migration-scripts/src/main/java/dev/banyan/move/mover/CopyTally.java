package dev.banyan.move.mover;

import dev.banyan.control.Progress;
import dev.banyan.move.copy.CopyProgress;
import dev.banyan.move.database.TableName;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Counts copied rows, and writes the counts down from time to time. */
final class CopyTally implements CopyProgress {

  private final Progress progress;
  private final String module;
  private final Map<TableName, AtomicLong> copied = new ConcurrentHashMap<>();
  private final AtomicLong kept = new AtomicLong();
  private final long startNanos = System.nanoTime();
  private volatile String waiting = "";

  CopyTally(Progress progress, String module) {
    this.progress = progress;
    this.module = module;
  }

  @Override
  public void copied(TableName source, long rows) {
    count(source).addAndGet(rows);
  }

  @Override
  public void kept(TableName source, long rows) {
    kept.addAndGet(rows);
    count(source).addAndGet(rows);
    progress.copied(module, source.toString(), rows);
  }

  @Override
  public void waiting(String reason) {
    waiting = reason;
  }

  /** Returns why the copy has not begun; empty once it has. */
  String waiting() {
    return total() > kept() ? "" : waiting;
  }

  @Override
  public void finished(TableName source) {
    progress.finished(module, source.toString(), count(source).get());
  }

  /** Writes the counts down for whoever asks for the status. */
  void publish() {
    copied.forEach((source, rows) -> progress.copied(module, source.toString(), rows.get()));
  }

  /** Returns the rows that were there before an interruption. */
  long kept() {
    return kept.get();
  }

  /** Returns the rows copied by now. */
  long total() {
    return copied.values().stream().mapToLong(AtomicLong::get).sum();
  }

  /** Returns the rows copied in a second, on average, since this copy began or went on. */
  long rate() {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    return Math.round((total() - kept()) / Math.max(seconds, 0.001));
  }

  private AtomicLong count(TableName source) {
    return copied.computeIfAbsent(source, table -> new AtomicLong());
  }
}
