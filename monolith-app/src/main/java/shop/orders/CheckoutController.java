package shop.orders;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Clock;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import shop.problems.Problem;

/** REST resource {@code /api/v1/orders/checkouts}, for the person who looks after those that are stuck. */
@RestController
@RequestMapping("/api/v1/orders/checkouts")
class CheckoutController {

  private final CheckoutTable checkouts;
  private final CheckoutSaga saga;
  private final CheckoutSettings settings;
  private final Clock clock;

  CheckoutController(CheckoutTable checkouts, CheckoutSaga saga, CheckoutSettings settings, Pace pace) {
    this.checkouts = checkouts;
    this.saga = saga;
    this.settings = settings;
    this.clock = pace.clock();
  }

  @GetMapping
  List<Checkout> unfinished(
      @RequestParam(defaultValue = "stuck") @Pattern(regexp = "stuck|open") String state,
      @RequestParam(defaultValue = "0") long after,
      @RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit) {
    return checkouts.unfinished(state.equals("stuck") ? settings.stuckAfter() : 0, after, limit);
  }

  @GetMapping("/{order}")
  Checkout find(@PathVariable long order) {
    return checkouts.find(order).orElseThrow(() -> Problem.notFound("There is no checkout of order %d.".formatted(order)));
  }

  /** Takes the step that failed again, now. */
  @PostMapping("/{order}/retry")
  Checkout retry(@PathVariable long order) {
    find(order);
    if (!checkouts.makeDue(order, clock.instant())) {
      throw Problem.conflict("The checkout of order %d is finished: %s.".formatted(order, find(order).state()));
    }
    saga.resume(order);
    return find(order);
  }

  /** Rejects an order that is not confirmed yet. */
  @PostMapping("/{order}/abort")
  Checkout abort(@PathVariable long order) {
    var checkout = find(order);
    if (!checkout.state().canBeRejected()) {
      throw Problem.conflict("The checkout of order %d is %s and cannot be aborted.".formatted(order, checkout.state()));
    }
    if (!saga.abort(checkout, "The order was aborted by hand.")) {
      throw wentOn(checkout);
    }
    saga.run(order, clock.instant());
    return find(order);
  }

  /** Who aborts is told what happened, not that a state cannot be aborted which can. */
  private Problem wentOn(Checkout seen) {
    var now = find(seen.orderId()).state();
    return Problem.conflict("The checkout of order %d went on from %s to %s while it was to be aborted; nothing was changed.%s"
        .formatted(seen.orderId(), seen.state(), now, now.canBeRejected() ? " Abort it again." : ""));
  }
}
