package shop.orders;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Instant;
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

  CheckoutController(CheckoutTable checkouts, CheckoutSaga saga, CheckoutSettings settings) {
    this.checkouts = checkouts;
    this.saga = saga;
    this.settings = settings;
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
    var checkout = find(order);
    if (!checkouts.makeDue(order, Instant.now())) {
      throw Problem.conflict("The checkout of order %d is finished: %s.".formatted(order, checkout.state()));
    }
    saga.resume(order);
    return find(order);
  }

  /** Rejects an order that is not confirmed yet. */
  @PostMapping("/{order}/abort")
  Checkout abort(@PathVariable long order) {
    var checkout = find(order);
    if (!checkout.state().canBeRejected() || !saga.abort(checkout, "The order was aborted by hand.")) {
      throw Problem.conflict("The checkout of order %d is %s and cannot be aborted.".formatted(order, find(order).state()));
    }
    saga.run(order, Instant.now());
    return find(order);
  }
}
