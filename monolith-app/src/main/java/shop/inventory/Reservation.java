package shop.inventory;

import static java.util.Objects.requireNonNull;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jmolecules.ddd.annotation.AggregateRoot;
import org.jmolecules.ddd.annotation.Identity;
import org.jmolecules.ddd.annotation.ValueObject;

/**
 * The pieces that are out of the stock for an order, or were.
 *
 * @param lines one for each product, ordered by SKU; none where nothing was reserved before the release
 */
@AggregateRoot
public record Reservation(@Identity long orderId, Status status, List<Line> lines) {

  /** Creates a reservation; another process may have told it. */
  public Reservation {
    requireNonNull(status);
    requireNonNull(lines);
  }

  /** Whose the pieces are. */
  public enum Status {
    /** The order's. */
    RESERVED,
    /** In the stock again, for good: the order gets none any more. */
    RELEASED
  }

  /** A product and a number of pieces, of which the sum of 100 lines can be counted. */
  @ValueObject
  public record Line(@NotNull Sku sku, @Positive @Max(10_000_000) int quantity) {}

  /** Returns one line for each product, always in the same order, so that two orders never wait for each other crosswise. */
  static List<Line> merged(List<Line> lines) {
    Map<String, Integer> quantities = lines.stream().collect(
        Collectors.toMap(line -> line.sku().value(), Line::quantity, Math::addExact, TreeMap::new));
    return quantities.entrySet().stream().map(e -> new Line(new Sku(e.getKey()), e.getValue())).toList();
  }
}
