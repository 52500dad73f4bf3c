package dev.banyan.move.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.move.plan.ByteCount;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CopyRateTests {

  private static CopyRate of(String perSecond) {
    return new CopyRate(Optional.of(ByteCount.parse(perSecond)));
  }

  private static Duration spent(CopyRate rate, int portions, int bytes) throws InterruptedException {
    long begun = System.nanoTime();
    for (int i = 0; i < portions; i++) {
      rate.await(bytes);
    }
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /** What was paid for is what came before. */
  @Test
  void letsNoMoreThroughThanTheRate() throws InterruptedException {
    assertThat(spent(of("1MB"), 11, 100 * 1024)).isGreaterThan(Duration.ofMillis(950));
  }

  @Test
  void countsWhatAllJobsReadTogether() throws Exception {
    CopyRate rate = of("1MB");
    long begun = System.nanoTime();
    CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
      try {
        spent(rate, 6, 100 * 1024);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
    spent(rate, 6, 100 * 1024);
    other.join();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(1_000));
  }

  @Test
  void canBeInterruptedBehindALargeRow() throws Exception {
    CopyRate rate = of("1kB");
    rate.await(16 << 20);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> rate.await(1)).isInstanceOf(InterruptedException.class);
  }
}
