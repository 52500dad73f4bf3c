package shop.orders;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import shop.problems.Problem;

/** REST resource {@code /api/v1/orders}. */
@RestController
@RequestMapping("/api/v1/orders")
class OrderController {

  private final OrderDesk orders;

  OrderController(OrderDesk orders) {
    this.orders = orders;
  }

  @GetMapping
  List<Order> page(
      @RequestParam(defaultValue = "0") long after,
      @RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit) {
    return orders.page(after, limit);
  }

  @GetMapping("/{id}")
  Order find(@PathVariable long id) {
    return orders.find(id).orElseThrow(() -> Problem.notFound("There is no order %d.".formatted(id)));
  }

  /**
   * Answers 201 for an order that is confirmed, 409 for one that was rejected, and 202 for one that is neither yet; with
   * an {@code Idempotency-Key} that has placed an order already, for that one.
   */
  @PostMapping
  ResponseEntity<Order> place(@RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key, @Valid @RequestBody NewOrder order) {
    var placed = key == null ? orders.place(order) : orders.place(order, IdempotencyKey.parse(key));
    var location = URI.create("/api/v1/orders/" + placed.id());
    return switch (placed.status()) {
      case CONFIRMED -> ResponseEntity.created(location).body(placed);
      case PENDING -> ResponseEntity.accepted().location(location).body(placed);
      case REJECTED -> throw rejected(placed, location);
    };
  }

  private static Problem rejected(Order order, URI location) {
    var problem = Problem.conflict("Order %d was rejected: %s".formatted(order.id(), order.rejection()));
    problem.getBody().setProperty("orderId", order.id());
    problem.getHeaders().setLocation(location);
    return problem;
  }
}
