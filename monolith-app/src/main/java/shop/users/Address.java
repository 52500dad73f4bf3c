package shop.users;

import org.jmolecules.ddd.annotation.Entity;
import org.jmolecules.ddd.annotation.Identity;
import org.jspecify.annotations.Nullable;

/** An address of a user. */
@Entity
record Address(
    @Identity long id,
    String line1,
    @Nullable String line2,
    @Nullable String zip,
    String city,
    String country) {}
