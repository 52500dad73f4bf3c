package dev.banyan.move.stream;

import dev.banyan.move.database.Lsn;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A sink that drops everything up to a turning mark, stands still there, and hands everything behind it to an applier.
 *
 * <p>So the way back runs before it is needed: what it drops are the forward stream's own changes, and it is proven
 * alive by every mark it meets.
 */
final class WarmSink implements StreamSink {

  private final Consumer<String> met;
  private final Predicate<String> isTurning;
  private final CompletableFuture<Lsn> turned = new CompletableFuture<>();
  private final CompletableFuture<StreamSink> successor = new CompletableFuture<>();
  private final List<String> marks = new ArrayList<>();
  private @Nullable StreamSink applier;

  WarmSink(Consumer<String> met, Predicate<String> isTurning) {
    this.met = met;
    this.isTurning = isTurning;
  }

  /** Completes with the position of the turning mark's transaction. */
  CompletableFuture<Lsn> turned() {
    return turned;
  }

  /** Gives what comes behind the turning mark to an applier. */
  void handOver(StreamSink next) {
    successor.complete(next);
  }

  /** Ends the standstill where no applier will ever come. */
  void close() {
    successor.cancel(false);
  }

  @Override
  public void changed(RowChange change, Lsn at) throws SQLException, InterruptedException {
    if (applier != null) {
      applier.changed(change, at);
    }
  }

  @Override
  public void marked(String content) {
    if (applier != null) {
      applier.marked(content);
    } else {
      marks.add(content);
    }
  }

  @Override
  public void committed(Lsn end) throws SQLException, InterruptedException {
    if (applier != null) {
      applier.committed(end);
      return;
    }
    boolean turning = marks.stream().anyMatch(isTurning);
    marks.forEach(met);
    marks.clear();
    if (turning) {
      turned.complete(end);
      applier = await();
    }
  }

  @Override
  public Lsn delivered(boolean nextWaits) throws SQLException, InterruptedException {
    // Nothing is confirmed before the turn: a mover that was replaced and does not know it must not take away what its
    // successor has still to apply.
    return applier == null ? Lsn.ZERO : applier.delivered(nextWaits);
  }

  private StreamSink await() throws InterruptedException {
    try {
      return successor.get();
    } catch (ExecutionException | CancellationException e) {
      throw new InterruptedException("the stream is being closed");
    }
  }
}
