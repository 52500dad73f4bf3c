package shop.orders;

import org.springframework.stereotype.Component;
import shop.inventory.Inventory;
import shop.inventory.Reservation;
import shop.payments.Payments;
import shop.problems.Problem;

/** What a checkout asks of other modules: each step is one transaction of its owner, and may be asked for again. */
@Component
class CheckoutSteps {

  private final Inventory inventory;
  private final Payments payments;

  CheckoutSteps(Inventory inventory, Payments payments) {
    this.inventory = inventory;
    this.payments = payments;
  }

  /** Takes the step that belongs to a state. */
  void take(CheckoutState state, Order order) {
    switch (state) {
      case PLACED -> payments.authorize(order.id(), order.total());
      case AUTHORIZED -> inventory.reserve(order.id(), order.lines().stream()
          .map(line -> new Reservation.Line(line.sku(), line.quantity())).toList());
      case CONFIRMED -> payments.capture(order.id());
      case RELEASING -> inventory.release(order.id());
      case VOIDING -> payments.voidPayment(order.id());
      // Confirming is this module's own affair; the others are final.
      case RESERVED, COMPLETED, REJECTED -> { }
    }
  }

  /** Tells whether an owner said no, and will say it again; every other failure may pass. */
  static boolean isRefusal(RuntimeException e) {
    return e instanceof Problem problem && switch (problem.getStatusCode().value()) {
      case 408, 425, 429 -> false;
      default -> problem.getStatusCode().is4xxClientError();
    };
  }
}
