package dev.banyan.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Writers that never stop, and an owner that changes again and again. */
class SwitchUnderLoadIntegrationTests {

  private static final int WRITERS = 8;
  private static final int SWITCHES = 20;

  private final ControlTables tables = ControlTables.shared();
  private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicInteger failed = new AtomicInteger();
  /** Between the acknowledgement of a hold and its end nothing may arrive anywhere. */
  private final AtomicBoolean sealed = new AtomicBoolean();
  private final AtomicInteger arrivedWhileSealed = new AtomicInteger();
  private ProxyFixture proxy;

  @BeforeEach
  void start() throws Exception {
    tables.reset();
    proxy = new ProxyFixture().control(tables.address());
    tables.plan("users", proxy.monolith.port(), proxy.service.port(), 10_000);
    watch(proxy.monolith);
    watch(proxy.service);
    proxy.start();
  }

  @AfterEach
  void stop() throws Exception {
    threads.shutdownNow();
    proxy.close();
  }

  @Test
  void noRequestFailsNoneIsLostOrDoubledAndNoneArrivesInBetween() throws Exception {
    List<Future<List<String>>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      writers.add(threads.submit(writer(i)));
    }
    for (int i = 0; i < SWITCHES; i++) {
      switchOver(i % 2 == 0);
    }
    ended.set(true);
    List<String> acknowledged = new ArrayList<>();
    for (Future<List<String>> writer : writers) {
      acknowledged.addAll(writer.get(20, TimeUnit.SECONDS));
    }

    assertThat(failed).hasValue(0);
    assertThat(arrivedWhileSealed).hasValue(0);
    List<String> arrived = new ArrayList<>(proxy.monolith.uris());
    arrived.addAll(proxy.service.uris());
    assertThat(arrived).hasSize(acknowledged.size());
    assertThat(new HashSet<>(arrived)).isEqualTo(new HashSet<>(acknowledged));
    assertThat(proxy.monolith.received).isNotEmpty();
    assertThat(proxy.service.received).isNotEmpty();
  }

  private void switchOver(boolean toService) {
    awaitAcknowledged(tables.hold("users"));
    sealed.set(true);
    await().until(() -> proxy.module("users").getInteger("waiting") > 0);
    sealed.set(false);
    int before = (toService ? proxy.service : proxy.monolith).received.size();
    awaitAcknowledged(toService ? tables.giveToService("users") : tables.giveToMonolith("users"));
    await().until(() -> (toService ? proxy.service : proxy.monolith).received.size() > before);
  }

  private void awaitAcknowledged(long version) {
    await().until(() -> tables.acknowledged(proxy.id, "users").equals(OptionalLong.of(version)));
  }

  private void watch(Upstream origin) {
    origin.behave(request -> {
      if (sealed.get()) {
        arrivedWhileSealed.incrementAndGet();
      }
      request.body().onSuccess(body -> origin.answer(request));
    });
  }

  private Callable<List<String>> writer(int number) {
    return () -> {
      List<String> acknowledged = new ArrayList<>();
      for (int i = 0; !ended.get(); i++) {
        String path = "/api/v1/users/" + number + "-" + i;
        HttpResponse<String> answer = proxy.put(path);
        if (answer.statusCode() == 200) {
          acknowledged.add(path);
        } else {
          failed.incrementAndGet();
        }
      }
      return acknowledged;
    };
  }
}
