package dev.banyan.move.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WriterThreadTests {

  private final WriterThread writer = new WriterThread("test-writer");
  private final CountDownLatch held = new CountDownLatch(1);
  private final List<String> written = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    held.countDown();
    writer.close();
  }

  private void writesOnceLetGo(String what) throws SQLException {
    try {
      held.await();
    } catch (InterruptedException e) {
      throw new SQLException(e);
    }
    written.add(what);
  }

  @Test
  void writesOneAfterTheOtherWhileItsCallerGoesOn() throws Exception {
    writer.give(() -> writesOnceLetGo("first"));
    assertThat(writer.isBusy()).isTrue();

    held.countDown();
    writer.give(() -> written.add("second"));
    writer.await();

    assertThat(written).containsExactly("first", "second");
    assertThat(writer.isBusy()).isFalse();
  }

  @Test
  void writesNothingBehindAFailureAndTellsOfItEachTime() throws Exception {
    writer.give(() -> {
      throw new SQLException("refused");
    });

    assertThatThrownBy(() -> writer.give(() -> written.add("next"))).isInstanceOf(SQLException.class).hasMessage("refused");
    assertThatThrownBy(writer::await).hasMessage("refused");
    assertThat(written).isEmpty();
  }

  @Test
  void isClosedOnceTheTaskUnderWayHasEndedThoughItsCallerIsInterrupted() throws Exception {
    writer.give(() -> writesOnceLetGo("last"));
    Thread closing = new Thread(() -> {
      Thread.currentThread().interrupt();
      writer.close();
      written.add("closed, interrupted " + Thread.currentThread().isInterrupted());
    });
    closing.start();
    await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);

    held.countDown();
    closing.join();

    assertThat(written).containsExactly("last", "closed, interrupted true");
  }
}
