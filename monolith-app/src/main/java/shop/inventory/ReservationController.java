package shop.inventory;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import shop.inventory.Reservation.Line;
import shop.problems.Problem;

/** REST resource {@code /api/v1/inventory/reservations}: one for each order; PUT and DELETE may be sent again. */
@RestController
@RequestMapping("/api/v1/inventory/reservations")
class ReservationController {

  private final Products inventory;

  ReservationController(Products inventory) {
    this.inventory = inventory;
  }

  record Wanted(@NotEmpty @Size(max = 100) List<@NotNull @Valid Line> lines) {}

  @GetMapping(params = "orders")
  List<Reservation> findAll(@RequestParam @Size(max = 100) List<@NotNull Long> orders) {
    return inventory.reservations(orders);
  }

  @GetMapping("/{order}")
  Reservation find(@PathVariable long order) {
    return inventory.reservations(List.of(order)).stream().findFirst()
        .orElseThrow(() -> Problem.notFound("Nothing was ever reserved for order %d.".formatted(order)));
  }

  @PutMapping("/{order}")
  Reservation reserve(@PathVariable long order, @Valid @RequestBody Wanted wanted) {
    return inventory.reserve(order, wanted.lines());
  }

  @DeleteMapping("/{order}")
  Reservation release(@PathVariable long order) {
    return inventory.release(order);
  }
}
