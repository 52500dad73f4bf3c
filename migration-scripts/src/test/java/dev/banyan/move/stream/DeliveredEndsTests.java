package dev.banyan.move.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.move.database.Lsn;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DeliveredEndsTests {

  private final DeliveredEnds<Long> ends = new DeliveredEnds<>(Lsn::new);

  private void add(long from, long to) {
    LongStream.rangeClosed(from, to).forEach(ends::add);
  }

  @Test
  void returnsTheLastThatIsDurable() {
    add(10, 20);
    assertThat(ends.take(Lsn.ZERO)).isEmpty();
    assertThat(ends.take(new Lsn(9))).isEmpty();
    assertThat(ends.take(new Lsn(15))).contains(15L);
    assertThat(ends.take(new Lsn(15))).isEmpty();
    assertThat(ends.take(new Lsn(99))).contains(20L);
  }

  @Test
  void keepsFewOfTooManyAndTheLastOfAll() {
    long many = 100L * DeliveredEnds.MOST;
    add(1, many);
    int kept = 0;
    long last = 0;
    for (long durable = 1; durable <= many; durable++) {
      var end = ends.take(new Lsn(durable));
      if (end.isPresent()) {
        // Nothing is confirmed that is not durable, and nothing twice.
        assertThat(end.get()).isGreaterThan(last).isEqualTo(durable);
        last = end.get();
        kept++;
      }
    }
    assertThat(last).isEqualTo(many);
    assertThat(kept).isBetween(DeliveredEnds.MOST / 2, DeliveredEnds.MOST);
  }
}
