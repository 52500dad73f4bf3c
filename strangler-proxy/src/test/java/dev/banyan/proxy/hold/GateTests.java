package dev.banyan.proxy.hold;

import static dev.banyan.proxy.Modules.switched;
import static dev.banyan.proxy.Modules.users;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.client.Owner;
import dev.banyan.proxy.hold.Gate.Settled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GateTests {

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger drained = new AtomicInteger();
  private final List<String> events = new ArrayList<>();
  private final List<Pass> passes = new ArrayList<>();
  private final Gate gate = new Gate(users(1, false), new HoldBudget(2), nanos::get, drained::incrementAndGet);

  @Test
  void letsWritesPassToTheOwnerWhileNotHeld() {
    Pass pass = pass(write("a"));

    assertThat(pass.state().owner()).isEqualTo(Owner.MONOLITH);
    assertThat(gate.view().inFlight()).isEqualTo(1);
    assertThat(gate.settled()).contains(new Settled(1, false));
  }

  @Test
  void settlesAHoldOnlyWhenTheLastWriteInFlightHasEnded() {
    Pass first = pass(write("a"));
    Pass second = pass(write("b"));
    gate.apply(users(2, true));

    first.finished();
    first.finished();
    assertThat(gate.settled()).isEmpty();
    assertThat(drained).hasValue(0);

    second.finished();
    assertThat(gate.settled()).contains(new Settled(2, true));
    assertThat(drained).hasValue(1);
  }

  @Test
  void releasesInOrderOfArrivalToTheThenOwner() {
    gate.apply(users(2, true));
    gate.admit(write("a"));
    gate.admit(write("b"));

    gate.apply(switched(3));

    assertThat(events).containsExactly("a to SERVICE", "b to SERVICE");
    assertThat(gate.view().inFlight()).isEqualTo(2);
    assertThat(gate.view().waiting()).isZero();
  }

  @Test
  void theNextHoldWaitsForWhatTheLastOneReleased() {
    gate.apply(users(2, true));
    gate.admit(write("a"));
    gate.apply(users(3, false));
    gate.apply(users(4, true));

    assertThat(gate.settled()).isEmpty();
    passes.get(0).finished();
    assertThat(gate.settled()).contains(new Settled(4, true));
  }

  @Test
  void keepsWaitingWhenOneHeldVersionFollowsAnother() {
    gate.apply(users(2, true));
    gate.admit(write("a"));
    gate.apply(users(3, true));

    assertThat(events).isEmpty();
    assertThat(gate.settled()).contains(new Settled(3, true));
  }

  @Test
  void refusesMoreThanItsBudgetAndTakesAgainWhatBecameFree() {
    gate.apply(users(2, true));
    HeldWrite first = write("a");
    gate.admit(first);
    gate.admit(write("b"));

    assertThat(gate.admit(write("c"))).isEqualTo(new Admission.Refused(Refusal.TOO_MANY_HELD));
    assertThat(gate.withdraw(first)).isTrue();
    assertThat(gate.admit(write("d"))).isEqualTo(new Admission.Waits());
  }

  @Test
  void neverCallsAWithdrawnWrite() {
    gate.apply(users(2, true));
    HeldWrite write = write("a");
    gate.admit(write);

    assertThat(gate.withdraw(write)).isTrue();
    assertThat(gate.withdraw(write)).isFalse();
    gate.apply(users(3, false));
    assertThat(events).isEmpty();
  }

  @Test
  void refusesAtTheReleaseWhatWaitedTooLong() {
    gate.apply(users(2, true));
    gate.admit(write("late"));
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    gate.admit(write("in time"));
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());

    gate.apply(users(3, false));
    assertThat(events).containsExactly("late: HELD_TOO_LONG", "in time to MONOLITH");
  }

  @Test
  void refusesNewWritesWhenControlIsLostForLongerThanAHoldMayLast() {
    gate.apply(users(2, true));
    gate.controlLost();
    assertThat(gate.admit(write("a"))).isEqualTo(new Admission.Waits());
    nanos.addAndGet(Duration.ofSeconds(2).toNanos() + 1);

    assertThat(gate.admit(write("b"))).isEqualTo(new Admission.Refused(Refusal.CONTROL_LOST));
    gate.apply(users(2, true));
    assertThat(gate.admit(write("c"))).isEqualTo(new Admission.Waits());
  }

  @Test
  void goesOnWithTheLastRoutesWhenControlIsLostOutsideOfAHold() {
    gate.controlLost();
    nanos.addAndGet(Duration.ofHours(1).toNanos());

    assertThat(gate.admit(write("a"))).isInstanceOf(Admission.Passed.class);
  }

  private Pass pass(HeldWrite write) {
    return ((Admission.Passed) gate.admit(write)).pass();
  }

  private HeldWrite write(String name) {
    return new HeldWrite() {
      @Override
      public void pass(Pass pass) {
        passes.add(pass);
        events.add(name + " to " + pass.state().owner());
      }

      @Override
      public void refuse(Refusal refusal) {
        events.add(name + ": " + refusal);
      }
    };
  }
}
