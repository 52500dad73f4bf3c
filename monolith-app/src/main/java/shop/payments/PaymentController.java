package shop.payments;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** REST resource {@code /api/v1/payments}. */
@RestController
@RequestMapping("/api/v1/payments")
class PaymentController {

  private final Ledger ledger;

  PaymentController(Ledger ledger) {
    this.ledger = ledger;
  }

  @GetMapping
  List<Payment> page(
      @RequestParam(defaultValue = "0") long after,
      @RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit) {
    return ledger.page(after, limit);
  }

  @GetMapping(params = "orders")
  List<Payment> ofOrders(@RequestParam @Size(max = 100) List<@NotNull Long> orders) {
    return ledger.ofOrders(orders);
  }

  @GetMapping("/{id}")
  Payment find(@PathVariable long id) {
    return ledger.find(id);
  }

  @PostMapping("/{id}/refund")
  Payment refund(@PathVariable long id) {
    return ledger.refund(id);
  }
}
