package dev.banyan.proxy.hold;

import static dev.banyan.proxy.Modules.module;
import static dev.banyan.proxy.Modules.users;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.client.Owner;
import dev.banyan.proxy.route.ModuleState;
import dev.banyan.proxy.route.RequestPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Writers against a mover that holds and releases as fast as it can. */
class GateRaceTests {

  private static final int WRITERS = 4;
  private static final int SWITCHES = 2_000;
  private static final RequestPath USERS = RequestPath.of("/users/1").orElseThrow();

  private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
  private final AtomicBoolean ended = new AtomicBoolean();
  /** True from the settling of a hold to its end: the time in which the fence would be moved. */
  private final AtomicBoolean sealed = new AtomicBoolean();
  private final AtomicInteger violations = new AtomicInteger();
  private final AtomicInteger active = new AtomicInteger();
  private final AtomicLong outcomes = new AtomicLong();
  private final AtomicLong writes = new AtomicLong();
  private final HoldBudget budget = new HoldBudget(50);
  private final Switchboard switchboard = new Switchboard(budget, System::nanoTime, () -> {});

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void noWritePassesAfterAHoldIsSettledAndEachEndsExactlyOnce() throws Exception {
    switchboard.apply(List.of(users(1, false)));
    List<Future<Void>> writers = startWriters();
    for (int i = 1; i <= SWITCHES; i++) {
      holdAndRelease(users(2L * i, true), users(2L * i + 1, false));
    }
    finish(writers);
  }

  /** A module that appears is held at once: what an older table sent straight to the monolith has to be known. */
  @Test
  void noWriteOfAnOlderRouteTablePassesAfterAHoldIsSettled() throws Exception {
    switchboard.apply(List.of());
    List<Future<Void>> writers = startWriters();
    for (int i = 1; i <= SWITCHES; i++) {
      ModuleState gone = module("users", "CANCELLED", Owner.MONOLITH, 0, 2L * i + 1, false, "/users/**");
      holdAndRelease(users(2L * i, true), gone);
    }
    finish(writers);
  }

  private void holdAndRelease(ModuleState held, ModuleState released) {
    switchboard.apply(List.of(held));
    while (!Long.valueOf(held.version()).equals(switchboard.acknowledgeable().get("users"))) {
      Thread.yield();
    }
    sealed.set(true);
    violations.addAndGet(active.get());
    for (int i = 0; i < 200; i++) {
      Thread.onSpinWait();
    }
    violations.addAndGet(active.get());
    sealed.set(false);
    switchboard.apply(List.of(released));
  }

  private List<Future<Void>> startWriters() {
    List<Future<Void>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      writers.add(threads.submit(writer()));
    }
    return writers;
  }

  private void finish(List<Future<Void>> writers) throws Exception {
    ended.set(true);
    for (Future<Void> writer : writers) {
      writer.get(20, TimeUnit.SECONDS);
    }
    assertThat(violations).hasValue(0);
    assertThat(outcomes).hasValue(writes.get());
    assertThat(writes.get()).isGreaterThan(SWITCHES);
    assertThat(active).hasValue(0);
    assertThat(switchboard.views()).allSatisfy(view -> {
      assertThat(view.inFlight()).isZero();
      assertThat(view.waiting()).isZero();
    });
    for (int i = 0; i < 50; i++) {
      assertThat(budget.take()).isTrue();
    }
  }

  private Callable<Void> writer() {
    return () -> {
      while (!ended.get()) {
        writes.incrementAndGet();
        write();
      }
      return null;
    };
  }

  private void write() {
    Switchboard.Position position = switchboard.position().orElseThrow();
    Optional<Gate> gate = position.match(USERS, "PUT").map(match -> position.gate(match.module()));
    if (!position.enter()) {
      write();
    } else if (gate.isEmpty()) {
      send();
      position.leave();
    } else {
      through(gate.get(), position);
    }
  }

  private void through(Gate gate, Switchboard.Position position) {
    var held = new Held();
    Admission admission = gate.admit(held);
    if (admission instanceof Admission.Passed passed) {
      send();
      passed.pass().finished();
      position.leave();
      return;
    }
    position.leave();
    if (admission instanceof Admission.Refused) {
      outcomes.incrementAndGet();
    } else if (ThreadLocalRandom.current().nextInt(4) == 0 && gate.withdraw(held)) {
      held.end();
    }
  }

  private void send() {
    active.incrementAndGet();
    if (sealed.get()) {
      violations.incrementAndGet();
    }
    Thread.onSpinWait();
    active.decrementAndGet();
    outcomes.incrementAndGet();
  }

  private final class Held implements HeldWrite {

    private final AtomicBoolean over = new AtomicBoolean();

    @Override
    public void pass(Pass pass) {
      if (!over.compareAndSet(false, true)) {
        violations.incrementAndGet();
      }
      send();
      pass.finished();
    }

    @Override
    public void refuse(Refusal refusal) {
      end();
    }

    private void end() {
      if (!over.compareAndSet(false, true)) {
        violations.incrementAndGet();
      }
      outcomes.incrementAndGet();
    }
  }
}
