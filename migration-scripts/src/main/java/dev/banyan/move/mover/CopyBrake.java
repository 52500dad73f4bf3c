package dev.banyan.move.mover;

import dev.banyan.control.Pauses.Pause;
import dev.banyan.move.copy.Brake;
import dev.banyan.move.copy.ServerLoad;
import dev.banyan.move.cutover.RetainedLog;
import dev.banyan.move.cutover.RetainedLog.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Judges how fast the copy may go on. The monolith's load makes it wait, with the snapshot open; if that lasts, or the
 * slot retains much, or somebody has paused it, it takes a {@linkplain CopyBreak break}, without a snapshot.
 *
 * <p>It looks on the session's thread, and is asked by any.
 */
final class CopyBrake implements Brake {

  private static final Duration EVERY = Duration.ofMillis(500);
  /** A snapshot keeps the monolith from cleaning up after its writers. */
  private static final Duration WAITS_AT_MOST = Duration.ofSeconds(30);
  /** How long ranges that are under way may take to their end, once no other is to be begun. */
  private static final Duration GRACE = Duration.ofSeconds(10);
  /** A break that did not help is not taken again at once: a transaction may be open that keeps the log. */
  private static final int AGAIN_AFTER_PERCENT = 25;

  private final Session session;
  private volatile Optional<String> waiting = Optional.empty();
  private volatile Optional<String> stopped = Optional.empty();
  private long lookAt = System.nanoTime();
  private long waitingSince;
  private long stoppedSince;
  private long retainedAfterBreak;

  CopyBrake(Session session) {
    this.session = session;
  }

  @Override
  public boolean waits() {
    return waiting.isPresent();
  }

  @Override
  public boolean stops() {
    return stopped.isPresent();
  }

  /** Returns what keeps the copy from going on, in words; empty where nothing does. */
  Optional<String> reason() {
    return stopped.or(() -> waiting);
  }

  /** Looks again, unless it has just looked. */
  void look() {
    long now = System.nanoTime();
    if (now - lookAt < 0) {
      return;
    }
    lookAt = now + EVERY.toNanos();
    waiting = load(now);
    Optional<String> stop = paused().or(this::muchRetained).or(() -> longWaiting(now));
    if (stop.isPresent() && stopped.isEmpty()) {
      stoppedSince = now;
    }
    stopped = stop;
  }

  /** Tells whether ranges have been under way for long enough since no other is to be begun; looks again. */
  boolean isOverdue() {
    look();
    return stops() && System.nanoTime() - stoppedSince > GRACE.toNanos();
  }

  private Optional<String> load(long now) {
    OptionalInt limit = session.space().plan().limits().maxLoad();
    if (limit.isEmpty()) {
      return Optional.empty();
    }
    int active = ServerLoad.active(session.space().monolith());
    String measured = "%d active sessions on the monolith, limits.max-load %d".formatted(active, limit.getAsInt());
    if (active > limit.getAsInt()) {
      if (waiting.isEmpty()) {
        waitingSince = now;
        session.listener().say("Copy waits: %s.".formatted(measured));
      }
      return Optional.of("copy waits: " + measured);
    }
    waiting.ifPresent(before -> session.listener().say("Copy goes on: %s.".formatted(measured)));
    return Optional.empty();
  }

  private Optional<String> longWaiting(long now) {
    return waiting.filter(reason -> now - waitingSince > WAITS_AT_MOST.toNanos());
  }

  private Optional<String> paused() {
    return session.space().pauses().find(session.space().module()).map(CopyBrake::text);
  }

  private static String text(Pause pause) {
    return "copy paused by %s since %s".formatted(pause.actor(), pause.since());
  }

  private Optional<String> muchRetained() {
    return session.logWatch().measured().filter(this::isWorthABreak).map(log -> "copy waits for the stream to catch up: " + log);
  }

  private boolean isWorthABreak(RetainedLog log) {
    return log.level().compareTo(Level.HIGH) >= 0 && log.level() != Level.LOST
        && log.slot().retainedBytes() >= retainedAfterBreak + log.part(AGAIN_AFTER_PERCENT);
  }

  /** Says that the stream has caught up, and what is retained all the same. */
  void caughtUp(long retainedBytes) {
    retainedAfterBreak = retainedBytes;
  }
}
