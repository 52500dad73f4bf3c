package shop.users;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.jmolecules.ddd.annotation.ValueObject;
import org.jspecify.annotations.Nullable;

/** An address as a client gives it. */
@ValueObject
record NewAddress(
    @NotBlank @Size(max = 200) String line1,
    @Nullable @Size(max = 200) String line2,
    @Nullable @Size(max = 20) String zip,
    @NotBlank @Size(max = 200) String city,
    @NotBlank @Size(max = 100) String country) {}
