package shop.reporting;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import shop.users.NameCopy;
import shop.users.UserId;
import shop.users.Users;

/**
 * The customers' names in reports, as they are declared to whoever watches copies. A rebuild makes them of the events
 * again: a name that was healed because an event is missing is then as stale as before, and found again.
 */
@Component
class ReportedNames extends NameCopy {

  private final ReportedNameTable names;
  private final EventLog log;
  private final ReadModel model;
  private final TransactionOperations transaction;

  ReportedNames(ReportedNameTable names, EventLog log, ReadModel model, Users users, TransactionOperations transaction) {
    super(users);
    this.names = names;
    this.log = log;
    this.model = model;
    this.transaction = transaction;
  }

  @Override
  public String name() {
    return "reporting.customerName";
  }

  @Override
  public Optional<Duration> lag() {
    return model.lag();
  }

  @Override
  protected List<Kept> page(UserId after, int limit) {
    return names.page(after, limit);
  }

  /** As with an applied event, no other generation is put in force meanwhile. */
  @Override
  protected boolean correct(Stale stale) {
    return Boolean.TRUE.equals(transaction.execute(status -> names.correct(log.lockGeneration(), stale.kept(), stale.user())));
  }
}
