package shop.orders;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import shop.copies.DeclaredCopy;
import shop.users.UserId;

/** The copy of the customers' names, as it is declared to whoever watches copies. */
@Component
class CustomerNameCopy implements DeclaredCopy {

  private final CustomerCopy copy;
  private final CustomerUpdates updates;

  CustomerNameCopy(CustomerCopy copy, CustomerUpdates updates) {
    this.copy = copy;
    this.updates = updates;
  }

  @Override
  public String name() {
    return "orders.customerName";
  }

  @Override
  public String owner() {
    return "users.name";
  }

  @Override
  public Optional<Duration> lag() {
    return updates.subscription().lag();
  }

  @Override
  public Page compare(@Nullable String after) {
    var compared = copy.compare(after == null ? CustomerCopy.FIRST : user(after), CustomerCopy.PAGE);
    var next = compared.next();
    return new Page(compared.count(), compared.differences().stream().map(CustomerNameCopy::told).toList(),
        next == null ? null : next.toString());
  }

  @Override
  public boolean heal(Difference difference) {
    var before = new UserId(user(difference.key()).value() - 1);
    return copy.correct(copy.compare(before, 1).differences(), found -> told(found).isOfSameCopyAs(difference)) > 0;
  }

  private static Difference told(CustomerCopy.Difference found) {
    return new Difference(found.user().toString(), found.copied(), found.copiedRevision(), found.revision());
  }

  private static UserId user(String key) {
    return new UserId(Long.parseLong(key));
  }
}
