package shop.orders;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import shop.problems.Problem;

/** Orders with what other modules know of them; an owner that does not answer leaves its part out, and is named. */
@RestController
@RequestMapping("/api/v1/orders")
class DetailsController {

  private final OrderDesk orders;
  private final DetailsDesk details;

  DetailsController(OrderDesk orders, DetailsDesk details) {
    this.orders = orders;
    this.details = details;
  }

  @GetMapping("/{id}/details")
  OrderDetails find(@PathVariable long id) {
    var order = orders.find(id).orElseThrow(() -> Problem.notFound("There is no order %d.".formatted(id)));
    return details.of(List.of(order)).get(0);
  }

  @GetMapping("/details")
  List<OrderDetails> page(
      @RequestParam(defaultValue = "0") long after,
      @RequestParam(defaultValue = "50") @Min(1) @Max(50) int limit) {
    return details.of(orders.page(after, limit));
  }
}
