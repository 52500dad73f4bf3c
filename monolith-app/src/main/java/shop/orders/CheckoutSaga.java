package shop.orders;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;
import shop.problems.Problem;

/**
 * Takes orders from placed to confirmed or rejected, step by step, over modules that share no transaction.
 *
 * <p>Idea: the state in the table names the step that may be under way, so it is written down before the step's effect,
 * and whoever finds it there takes the step again, which is harmless. A step whose answer was lost may or may not
 * have taken effect; the way back therefore asks every owner, and leaves a mark that refuses what arrives late.
 *
 * <p>Invariant: an order is captured only after {@code CONFIRMED} was committed, and voided only after {@code RELEASING}
 * was; of these two at most one ever is, because each move is a compare-and-set from the same three states. A lease
 * keeps two processes from doing the same work, and nothing depends on it.
 *
 * <p>Source: Garcia-Molina and Salem, "Sagas" (1987).
 */
@Service
class CheckoutSaga {

  private static final Logger LOG = LoggerFactory.getLogger(CheckoutSaga.class);
  private static final String OUT_OF_TIME = "The order could not be completed in time.";

  private final CheckoutSteps steps;
  private final CheckoutTable checkouts;
  private final OrderTable orders;
  private final OrderEvents events;
  private final TransactionOperations transaction;
  private final CheckoutSettings settings;
  private final Pace pace;
  private final Clock clock;

  CheckoutSaga(CheckoutSteps steps, CheckoutTable checkouts, OrderTable orders, OrderEvents events,
      TransactionOperations transaction, CheckoutSettings settings, Pace pace) {
    this.steps = steps;
    this.checkouts = checkouts;
    this.orders = orders;
    this.events = events;
    this.transaction = transaction;
    this.settings = settings;
    this.pace = pace;
    this.clock = pace.clock();
  }

  /** Writes down that an order is to be checked out, by this process first; part of the transaction that places it. */
  void begin(long orderId) {
    var now = clock.instant();
    events.placed(orders.find(orderId).orElseThrow());
    checkouts.insert(orderId, now.plus(settings.deadline()), now, now.plus(settings.lease()));
  }

  /** Goes on with a checkout that this process has to itself, as far as it gets before a moment. */
  void run(long orderId, Instant until) {
    var next = checkouts.find(orderId);
    while (next.isPresent() && !next.get().state().isFinal()) {
      next = step(next.get(), until);
    }
  }

  /** Goes on with a checkout if it is due and no other process has it; a step that fails is left for later. */
  void resume(long orderId) {
    claim(orderId).ifPresent(checkout -> run(orderId, clock.instant()));
  }

  /** Gives an order up that is not confirmed yet, and tells whether it was one. */
  boolean abort(Checkout checkout, String reason) {
    return move(checkout, CheckoutState.RELEASING, reason).isPresent();
  }

  /** Returns the checkout as it stands after a step, or nothing if it goes on later or elsewhere. */
  private Optional<Checkout> step(Checkout checkout, Instant until) {
    try {
      steps.take(checkout.state(), orders.find(checkout.orderId()).orElseThrow());
    } catch (RuntimeException e) {
      return afterFailure(checkout, e, until);
    }
    return move(checkout, checkout.state().next().orElseThrow(), checkout.reason());
  }

  private Optional<Checkout> afterFailure(Checkout checkout, RuntimeException e, Instant until) {
    if (checkout.state().canBeRejected() && CheckoutSteps.isRefusal(e)) {
      return move(checkout, CheckoutState.RELEASING, detail(e));
    }
    if (checkout.state().canBeRejected() && clock.instant().isAfter(checkout.deadline())) {
      return move(checkout, CheckoutState.RELEASING, OUT_OF_TIME);
    }
    return again(checkout, e, until);
  }

  private Optional<Checkout> again(Checkout checkout, RuntimeException e, Instant until) {
    var now = clock.instant();
    var pause = settings.pause(checkout.attempts() + 1);
    boolean here = !now.plus(pause).isAfter(until);
    checkouts.noteFailure(checkout, detail(e), now, here ? now.plus(pause).plus(settings.lease()) : now.plus(pause));
    LOG.warn("Checkout of order {} is {}, and its next step failed {} time(s); again in {} ms: {}", checkout.orderId(),
        checkout.state(), checkout.attempts() + 1, pause.toMillis(), e.toString());
    return here && this.pace.sleeper().test(pause) ? checkouts.find(checkout.orderId()) : Optional.empty();
  }

  private Optional<Checkout> claim(long orderId) {
    var now = clock.instant();
    return checkouts.claim(orderId, now, now.plus(settings.lease())) ? checkouts.find(orderId) : Optional.empty();
  }

  /** The one place where the state changes; an order's status changes with it. */
  private Optional<Checkout> move(Checkout checkout, CheckoutState to, @Nullable String reason) {
    if (!checkout.state().canMoveTo(to)) {
      throw new IllegalStateException("The checkout of order %d cannot go from %s to %s."
          .formatted(checkout.orderId(), checkout.state(), to));
    }
    return Boolean.TRUE.equals(transaction.execute(status -> moveBoth(checkout, to, reason)))
        ? checkouts.find(checkout.orderId()) : Optional.empty();
  }

  private boolean moveBoth(Checkout checkout, CheckoutState to, @Nullable String reason) {
    var now = clock.instant();
    if (!checkouts.move(checkout, to, reason, now, to.isFinal() ? null : now.plus(settings.lease()))) {
      return false;
    }
    if (to == CheckoutState.CONFIRMED) {
      orders.confirm(checkout.orderId());
      events.confirmed(orders.find(checkout.orderId()).orElseThrow());
    } else if (to == CheckoutState.REJECTED) {
      orders.reject(checkout.orderId(), String.valueOf(reason));
      events.rejected(orders.find(checkout.orderId()).orElseThrow());
    }
    return true;
  }

  private static String detail(RuntimeException e) {
    var detail = e instanceof Problem problem ? problem.getBody().getDetail() : e.toString();
    return detail == null ? e.toString() : detail;
  }
}
