package dev.banyan.move.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.move.database.Lsn;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class GateTests {

  private final Gate gate = new Gate();

  private CompletableFuture<Void> passing(long end) {
    return CompletableFuture.runAsync(() -> {
      try {
        gate.pass(new Lsn(end));
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  @Test
  void letsPassWhatEndsAtTheLimitAndStopsWhatEndsBehindIt() throws Exception {
    gate.limit(new Lsn(100));
    passing(100).get(5, TimeUnit.SECONDS);
    CompletableFuture<Void> stopped = passing(101);
    gate.awaitStop(Duration.ofSeconds(5));
    assertThat(stopped).isNotDone();
    gate.open();
    stopped.get(5, TimeUnit.SECONDS);
  }

  @Test
  void aRaisedLimitLetsPassWhatItCovers() throws Exception {
    gate.limit(new Lsn(100));
    CompletableFuture<Void> stopped = passing(150);
    gate.awaitStop(Duration.ofSeconds(5));
    gate.limit(new Lsn(150));
    stopped.get(5, TimeUnit.SECONDS);
  }

  @Test
  void tellsThatNobodyCameInTime() {
    gate.limit(new Lsn(100));
    assertThatThrownBy(() -> gate.awaitStop(Duration.ofMillis(20))).isInstanceOf(TimeoutException.class);
  }

  @Test
  void sendsAwayWhoWaitsWhenItIsClosed() throws Exception {
    gate.limit(new Lsn(100));
    CompletableFuture<Void> stopped = passing(101);
    gate.awaitStop(Duration.ofSeconds(5));
    gate.close();
    assertThatThrownBy(() -> stopped.get(5, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class)
        .hasRootCauseInstanceOf(InterruptedException.class);
  }
}
