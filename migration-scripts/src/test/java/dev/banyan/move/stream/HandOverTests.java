package dev.banyan.move.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.debezium.pipeline.DataChangeEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HandOverTests {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Schema ROW = SchemaBuilder.struct().field("text", Schema.STRING_SCHEMA).optional().build();
  private static final Schema EVENT = SchemaBuilder.struct().field("before", ROW).field("after", ROW).build();

  private final HandOver queue = new HandOver();

  HandOverTests() {
    queue.configure(Map.of("name", "one", "max.queue.size", "8"));
  }

  @AfterEach
  void close() {
    queue.close();
  }

  @Test
  void handsOverInOrderAndNoMoreThanAskedFor() throws InterruptedException {
    IntStream.range(0, 5).forEach(number -> queue.enqueue(event("" + number)));

    assertThat(texts(queue.take(3, LONG))).containsExactly("0", "1", "2");
    assertThat(texts(queue.take(3, LONG))).containsExactly("3", "4");
    assertThat(queue.size()).isZero();
  }

  @Test
  void wakesWhoeverWaits() throws Exception {
    CompletableFuture<List<String>> taken = taking();

    queue.enqueue(event("late"));

    assertThat(taken.get(LONG.toSeconds() / 2, TimeUnit.SECONDS)).containsExactly("late");
  }

  @Test
  void comesBackWithNothingOncePatienceIsOver() throws InterruptedException {
    assertThat(queue.take(3, Duration.ofMillis(1))).isEmpty();
  }

  @Test
  void letsGoOfAnInterruptedThread() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> queue.take(3, LONG)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void isFullToWhoeverFillsItWhereRecordsAreLarge() throws InterruptedException {
    queue.enqueue(event("x".repeat(31 << 20)));
    assertThat(queue.size()).isEqualTo(1);

    queue.enqueue(event("x".repeat(2 << 20)));
    assertThat(queue.size()).isEqualTo(8);

    assertThat(queue.take(1, LONG)).hasSize(1);
    assertThat(CompletableFuture.supplyAsync(queue::size).join()).isEqualTo(1);
  }

  /** The engine takes as many as it was told there are, one by one, and passes on what it gets. */
  @Test
  void tellsItsTakerExactlyWhatIsThere() throws InterruptedException {
    queue.take(1, Duration.ZERO);
    queue.enqueue(event("x".repeat(33 << 20)));

    assertThat(queue.size()).isEqualTo(1);
    assertThat(queue.poll()).isNotNull();
    assertThat(queue.poll()).isNull();
  }

  @Test
  void isFoundByTheNameOfItsStreamUntilItIsClosed() {
    assertThat(HandOver.of("one")).isSameAs(queue);

    queue.close();

    assertThatThrownBy(() -> HandOver.of("one")).isInstanceOf(IllegalStateException.class).hasMessageContaining("one");
  }

  private CompletableFuture<List<String>> taking() {
    CompletableFuture<List<String>> taken = new CompletableFuture<>();
    Thread taker = new Thread(() -> {
      try {
        taken.complete(texts(queue.take(3, LONG)));
      } catch (InterruptedException e) {
        taken.completeExceptionally(e);
      }
    });
    taker.start();
    await().until(() -> taker.getState() == Thread.State.TIMED_WAITING);
    return taken;
  }

  private static DataChangeEvent event(String text) {
    Struct event = new Struct(EVENT).put("after", new Struct(ROW).put("text", text));
    return new DataChangeEvent(new SourceRecord(Map.of(), Map.of(), "topic", EVENT, event));
  }

  private static List<String> texts(List<SourceRecord> records) {
    return records.stream().map(record -> ((Struct) record.value()).getStruct("after").getString("text")).toList();
  }
}
