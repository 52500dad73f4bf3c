package shop.inventory;

import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import org.jmolecules.ddd.annotation.ValueObject;

/** Something that comes into the shop's offer. */
@ValueObject
record NewProduct(
    @NotNull Sku sku,
    @NotBlank @Size(max = 200) String name,
    @NotNull @PositiveOrZero @Digits(integer = 10, fraction = 2) BigDecimal price,
    @PositiveOrZero int stock) {}
