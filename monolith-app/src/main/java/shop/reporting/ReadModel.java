package shop.reporting;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;
import shop.inbox.Subscription;
import shop.inbox.Subscriptions;
import shop.inventory.InventoryEventSources;
import shop.orders.OrderEventSources;
import shop.outbox.PublishedEvent;
import shop.payments.PaymentEventSources;
import shop.problems.Problem;
import shop.users.UserEventSources;

/**
 * Follows the events of all modules, and builds what it keeps of them anew without a moment in which nothing can be
 * read: a new generation is filled from the log while the old one goes on to be read and written, catches up, and
 * takes its place while for a moment nothing is applied.
 */
@Service
class ReadModel {

  private static final int BATCH = 1_000;

  private final EventLog log;
  private final Projection projection;
  private final TransactionOperations transaction;
  private final List<Subscription> subscriptions;

  ReadModel(EventLog log, Projection projection, TransactionOperations transaction, Subscriptions subscriptions,
      UserEventSources users, OrderEventSources orders, PaymentEventSources payments, InventoryEventSources inventory) {
    this.log = log;
    this.projection = projection;
    this.transaction = transaction;
    this.subscriptions = List.of(
        subscriptions.add("reporting", "users", users, this::apply),
        subscriptions.add("reporting", "orders", orders, this::apply),
        subscriptions.add("reporting", "payments", payments, this::apply),
        subscriptions.add("reporting", "inventory", inventory, this::apply));
  }

  /**
   * What a rebuild did.
   *
   * @param generation the generation that is read now
   * @param events how many events it was built from
   */
  record Rebuilt(int generation, long events) {}

  /** Returns how far behind the other modules the read model may be, if that is known. */
  Optional<Duration> lag() {
    var lags = subscriptions.stream().map(Subscription::lag).toList();
    return lags.stream().allMatch(Optional::isPresent)
        ? lags.stream().flatMap(Optional::stream).max(Comparator.naturalOrder()) : Optional.empty();
  }

  /**
   * Builds a new generation and lets it be read.
   *
   * @throws Problem if another rebuild was faster
   */
  Rebuilt rebuild() {
    int former = log.generation();
    var building = new Building(requireNonNull(transaction.execute(status -> log.drawGeneration())));
    while (building.catchUp() == BATCH) {
      // What is applied meanwhile is in the log as well.
    }
    boolean inForce = building.takeOverFrom(former);
    transaction.executeWithoutResult(status -> building.deleteRest(inForce));
    if (!inForce) {
      throw Problem.conflict("Another rebuild was faster than this one, and its result is read now.");
    }
    return new Rebuilt(building.generation, building.events);
  }

  private void apply(PublishedEvent event) {
    int generation = log.lockGeneration();
    if (log.append(event)) {
      projection.apply(generation, event);
    }
  }

  /** A generation that is not read yet. */
  private final class Building {

    private final int generation;
    private long position;
    private long events;

    Building(int generation) {
      this.generation = generation;
    }

    /** Applies a batch, and returns how many events it had. */
    int catchUp() {
      var batch = log.after(position, BATCH);
      transaction.executeWithoutResult(status -> batch.forEach(entry -> projection.apply(generation, entry.event())));
      if (!batch.isEmpty()) {
        position = batch.get(batch.size() - 1).number();
        events += batch.size();
      }
      return batch.size();
    }

    /** Applies the rest and becomes what is read, while whoever applies an event waits; unless another did so before. */
    boolean takeOverFrom(int former) {
      return Boolean.TRUE.equals(transaction.execute(status -> {
        if (log.lockGeneration() != former) {
          return false;
        }
        while (catchUp() > 0) {
          // Nothing is added any more.
        }
        log.swap(generation);
        return true;
      }));
    }

    /** Deletes what is not read: all older generations, of rebuilds that were broken off too, or this one. */
    void deleteRest(boolean inForce) {
      if (inForce) {
        projection.deleteBefore(generation);
      } else {
        projection.delete(generation);
      }
    }
  }
}
