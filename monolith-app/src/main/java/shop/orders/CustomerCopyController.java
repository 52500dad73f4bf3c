package shop.orders;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** REST resource {@code /api/v1/orders/customers}: the copy of the customers' names, for operators. */
@RestController
@RequestMapping("/api/v1/orders/customers")
class CustomerCopyController {

  private final CustomerNames names;

  CustomerCopyController(CustomerNames names) {
    this.names = names;
  }

  /** Takes all names from their owner again, and answers when that is done. */
  @PostMapping("/rebuild")
  CustomerNames.Rebuilt rebuild() {
    return names.rebuild();
  }
}
