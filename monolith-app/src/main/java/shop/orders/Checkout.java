package shop.orders;

import java.time.Instant;
import org.jmolecules.ddd.annotation.AggregateRoot;
import org.jmolecules.ddd.annotation.Identity;
import org.jspecify.annotations.Nullable;

/**
 * How far the checkout of an order is.
 *
 * @param reason why the order is rejected, if it is
 * @param attempts how often the present step has failed in a row
 * @param lastFailure what the present step failed with, if it did
 * @param deadline from when on a step that fails before the order is confirmed is not taken again, and the order given up
 */
@AggregateRoot
record Checkout(
    @Identity long orderId,
    CheckoutState state,
    @Nullable String reason,
    int attempts,
    @Nullable String lastFailure,
    Instant deadline,
    Instant updatedAt) {}
