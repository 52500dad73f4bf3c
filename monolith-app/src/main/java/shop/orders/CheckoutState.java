package shop.orders;

import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How far a checkout is: each state names what is done, and so the one step that may be under way. */
public enum CheckoutState {
  /** The order is written down; its payment is being authorised. */
  PLACED,
  /** The money is set aside; the stock is being reserved. */
  AUTHORIZED,
  /** The stock is reserved; the order is being confirmed. */
  RESERVED,
  /** The point of no return: the order is confirmed; its payment is being captured. */
  CONFIRMED,
  /** The shop has the money, the customer the goods. */
  COMPLETED,
  /** The order will not be; its stock is being released. */
  RELEASING,
  /** The stock is released; the payment is being voided. */
  VOIDING,
  /** The customer has the money, the shop the goods. */
  REJECTED;

  /** The legal moves: on, when the step is done; or to the way back, before the point of no return. */
  private static final Map<CheckoutState, Set<CheckoutState>> MOVES = Map.of(
      PLACED, EnumSet.of(AUTHORIZED, RELEASING),
      AUTHORIZED, EnumSet.of(RESERVED, RELEASING),
      RESERVED, EnumSet.of(CONFIRMED, RELEASING),
      CONFIRMED, EnumSet.of(COMPLETED),
      COMPLETED, EnumSet.noneOf(CheckoutState.class),
      RELEASING, EnumSet.of(VOIDING),
      VOIDING, EnumSet.of(REJECTED),
      REJECTED, EnumSet.noneOf(CheckoutState.class));

  /** Tells whether a checkout may go from here to the given state. */
  public boolean canMoveTo(CheckoutState next) {
    return MOVES.getOrDefault(this, Set.of()).contains(next);
  }

  /** Returns the state after the step that belongs to this one, or nothing where there is none. */
  public Optional<CheckoutState> next() {
    return MOVES.getOrDefault(this, Set.of()).stream().filter(state -> state != RELEASING).findFirst();
  }

  /** Tells whether the order can still be rejected. */
  public boolean canBeRejected() {
    return canMoveTo(RELEASING);
  }

  /** Tells whether nothing is left to do. */
  public boolean isFinal() {
    return next().isEmpty();
  }
}
