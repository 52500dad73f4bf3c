package shop.orders;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import shop.inventory.Inventory;
import shop.payments.Payments;
import shop.problems.Problem;

/** The real steps, with what goes wrong on the way to their owners. */
class FaultySteps extends CheckoutSteps {

  /** How a call of an owner ends. */
  enum Fault {
    /** The owner says no. */
    REFUSED,
    /** The owner cannot be reached, or fails before it changes anything. */
    BEFORE,
    /** The owner does what it was asked, and its answer is lost. */
    LOST,
    /** The call takes too long, and arrives when nobody waits for it any more. */
    LATE
  }

  private record Plan(Fault fault, AtomicInteger times) {}

  private record Hold(CountDownLatch reached, CountDownLatch letGo) {}

  private final Map<CheckoutState, Plan> plans = new EnumMap<>(CheckoutState.class);
  private final Map<CheckoutState, Hold> holds = new EnumMap<>(CheckoutState.class);
  private final List<Runnable> late = new CopyOnWriteArrayList<>();

  FaultySteps(Inventory inventory, Payments payments) {
    super(inventory, payments);
  }

  synchronized void reset() {
    plans.clear();
    holds.clear();
    late.clear();
  }

  synchronized void fail(CheckoutState state, Fault fault, int times) {
    plans.put(state, new Plan(fault, new AtomicInteger(times)));
  }

  synchronized void heal() {
    plans.clear();
  }

  /** The next call of this step stops right before it reaches its owner. */
  synchronized void stopAt(CheckoutState state) {
    holds.put(state, new Hold(new CountDownLatch(1), new CountDownLatch(1)));
  }

  void awaitReached(CheckoutState state) throws InterruptedException {
    if (!hold(state).reached().await(20, TimeUnit.SECONDS)) {
      throw new AssertionError("no checkout has come to " + state);
    }
  }

  void letGo(CheckoutState state) {
    hold(state).letGo().countDown();
  }

  /** Now arrives what took too long. */
  void deliverLate() {
    var calls = new ArrayList<>(late);
    late.clear();
    calls.forEach(call -> {
      try {
        call.run();
      } catch (Problem e) {
        // Refused, as it has to be where the order was given up meanwhile.
      }
    });
  }

  @Override
  void take(CheckoutState state, Order order) {
    waitAt(state);
    switch (fault(state)) {
      case NONE -> super.take(state, order);
      case REFUSED -> throw Problem.conflict("Refused.");
      case BEFORE -> throw Problem.unavailable("Not reached.", null);
      case LOST -> {
        super.take(state, order);
        throw Problem.unknown("The answer was lost.", null);
      }
      case LATE -> {
        late.add(() -> super.take(state, order));
        throw Problem.unknown("No answer in time.", null);
      }
    }
  }

  private enum Outcome { NONE, REFUSED, BEFORE, LOST, LATE }

  private synchronized Outcome fault(CheckoutState state) {
    var plan = plans.get(state);
    return plan == null || plan.times().getAndDecrement() <= 0 ? Outcome.NONE : Outcome.valueOf(plan.fault().name());
  }

  private void waitAt(CheckoutState state) {
    Hold hold;
    // One only: a second one that comes at the same moment goes on.
    synchronized (this) {
      hold = holds.get(state);
      if (hold == null || hold.reached().getCount() == 0) {
        return;
      }
      hold.reached().countDown();
    }
    try {
      hold.letGo().await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Hold hold(CheckoutState state) {
    return holds.get(state);
  }
}
