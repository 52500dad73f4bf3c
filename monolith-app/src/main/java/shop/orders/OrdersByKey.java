package shop.orders;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import shop.orders.IdempotencyKeyTable.Used;
import shop.problems.Problem;
import tools.jackson.databind.json.JsonMapper;

/**
 * Knows which orders were placed by which key. A key is written in the transaction that places its order, so that
 * there is one if and only if there is the other, whatever breaks in between.
 */
@Service
class OrdersByKey {

  private final IdempotencyKeyTable keys;
  private final OrderTable orders;
  private final CheckoutSettings checkout;
  private final IdempotencySettings settings;
  private final JsonMapper json;
  private final Clock clock;

  OrdersByKey(IdempotencyKeyTable keys, OrderTable orders, CheckoutSettings checkout, IdempotencySettings settings, JsonMapper json, Pace pace) {
    this.keys = keys;
    this.orders = orders;
    this.checkout = checkout;
    this.settings = settings;
    this.json = json;
    this.clock = pace.clock();
  }

  /**
   * Returns the order that a key has placed, if it has.
   *
   * @throws Problem if it was another one that it has placed, or if whoever placed it may still be waiting for the outcome
   */
  Optional<Order> find(IdempotencyKey key, NewOrder order) {
    return keys.find(key).map(used -> ofSame(key, used, order));
  }

  private Order ofSame(IdempotencyKey key, Used used, NewOrder wanted) {
    if (!used.fingerprint().equals(fingerprint(wanted))) {
      throw Problem.of(HttpStatus.UNPROCESSABLE_CONTENT,
          "Idempotency-Key '%s' was used for another order; nothing was placed. Take a new key for a new order.".formatted(key), null);
    }
    var order = orders.find(used.orderId()).orElseThrow();
    if (order.status() == Order.Status.PENDING && used.at().plus(checkout.answerWithin()).isAfter(clock.instant())) {
      throw inFlight(order);
    }
    return order;
  }

  private static Problem inFlight(Order order) {
    var problem = Problem.conflict("Order %d was placed with this Idempotency-Key a moment ago, and its outcome is not known yet; ask again."
        .formatted(order.id()));
    problem.setType(Problem.IN_FLIGHT);
    problem.getHeaders().set(HttpHeaders.RETRY_AFTER, "1");
    problem.getHeaders().set(HttpHeaders.LOCATION, "/api/v1/orders/" + order.id());
    return problem;
  }

  /** Notes that a key has placed an order, as part of the transaction that does; or tells that another order was faster. */
  boolean note(IdempotencyKey key, NewOrder order, long id) {
    return keys.insert(key, new Used(fingerprint(order), id, clock.instant()));
  }

  /** Blanks and the order of fields in what the client sent do not matter. */
  private String fingerprint(NewOrder order) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(json.writeValueAsString(order).getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Scheduled(fixedDelayString = "${shop.orders.idempotency.clean-every:10m}", initialDelayString = "${shop.orders.idempotency.clean-every:10m}")
  void forget() {
    keys.deleteEndedBefore(clock.instant().minus(settings.kept()));
  }
}
