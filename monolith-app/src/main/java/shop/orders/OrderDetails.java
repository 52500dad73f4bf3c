package shop.orders;

import java.util.List;
import org.jmolecules.ddd.annotation.ValueObject;
import org.jspecify.annotations.Nullable;
import shop.inventory.Reservation;
import shop.payments.Payment;
import shop.users.UserId;

/**
 * An order with what other modules know of it.
 *
 * @param missing what could not be told, and why; what is neither here nor there does not exist
 */
record OrderDetails(
    Order order,
    @Nullable Customer user,
    @Nullable Payment payment,
    @Nullable Reservation stock,
    List<Missing> missing) {

  /** The user who ordered, as the owner of the users sees it now. */
  @ValueObject
  record Customer(UserId id, String name, String email) {}

  /**
   * A part that its owner did not tell.
   *
   * @param part the field that is empty
   * @param module whose it is
   */
  @ValueObject
  record Missing(String part, String module, String reason) {}
}
