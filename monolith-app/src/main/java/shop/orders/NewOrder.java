package shop.orders;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jmolecules.ddd.annotation.ValueObject;
import shop.inventory.Sku;
import shop.users.UserId;

/** An order as a customer gives it. */
@ValueObject
public record NewOrder(
    @NotNull UserId customerId,
    @NotEmpty @Size(max = 100) List<@NotNull @Valid Item> items) {

  /** A product and how many pieces of it. */
  @ValueObject
  public record Item(@NotNull Sku sku, @Positive @Max(10_000) int quantity) {}
}
