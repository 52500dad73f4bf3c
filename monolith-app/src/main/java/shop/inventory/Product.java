package shop.inventory;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import org.jmolecules.ddd.annotation.AggregateRoot;
import org.jmolecules.ddd.annotation.Identity;

/** Something for sale. */
@AggregateRoot
record Product(
    @Identity @NotNull Sku sku,
    @NotBlank @Size(max = 200) String name,
    @NotNull @PositiveOrZero BigDecimal price,
    @PositiveOrZero int stock) {}
