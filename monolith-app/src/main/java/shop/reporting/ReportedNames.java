package shop.reporting;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import shop.copies.DeclaredCopy;
import shop.reporting.ReportedNameTable.Name;
import shop.users.User;
import shop.users.UserId;
import shop.users.Users;

/**
 * The customers' names in reports, as they are declared to whoever watches copies. A rebuild makes them of the events
 * again: a name that was healed because an event is missing is then as stale as before, and found again.
 */
@Component
class ReportedNames implements DeclaredCopy {

  /** As many as the owner answers at once. */
  private static final int PAGE = 100;
  private static final UserId FIRST = new UserId(Long.MIN_VALUE);

  private final ReportedNameTable names;
  private final EventLog log;
  private final ReadModel model;
  private final Users users;
  private final TransactionOperations transaction;

  ReportedNames(ReportedNameTable names, EventLog log, ReadModel model, Users users, TransactionOperations transaction) {
    this.names = names;
    this.log = log;
    this.model = model;
    this.users = users;
    this.transaction = transaction;
  }

  private record Pair(Name name, User user) {

    boolean isDifferent() {
      return !user.name().equals(name.name());
    }

    Difference told() {
      return new Difference(user.id().toString(), name.name(), name.version(), user.revision());
    }
  }

  @Override
  public String name() {
    return "reporting.customerName";
  }

  @Override
  public String owner() {
    return "users.name";
  }

  @Override
  public Optional<Duration> lag() {
    return model.lag();
  }

  @Override
  public Page compare(@Nullable String after) {
    var page = names.page(after == null ? FIRST : user(after), PAGE);
    return new Page(page.size(), different(page).stream().map(Pair::told).toList(),
        page.size() < PAGE ? null : page.get(PAGE - 1).user().toString());
  }

  @Override
  public boolean heal(Difference difference) {
    var before = new UserId(user(difference.key()).value() - 1);
    return different(names.page(before, 1)).stream().filter(pair -> pair.told().isOfSameCopyAs(difference)).anyMatch(this::correct);
  }

  /** As with an applied event, no other generation is put in force meanwhile. */
  private boolean correct(Pair pair) {
    return Boolean.TRUE.equals(transaction.execute(status ->
        names.correct(log.lockGeneration(), pair.name(), pair.user().name(), pair.user().revision())));
  }

  /** A user that its owner does not have any more keeps its last name here. */
  private List<Pair> different(List<Name> page) {
    Map<UserId, Name> kept = page.stream().collect(Collectors.toMap(Name::user, Function.identity()));
    return users.findAll(kept.keySet()).stream().flatMap(user -> Optional.ofNullable(kept.get(user.id())).map(name -> new Pair(name, user)).stream())
        .filter(Pair::isDifferent).toList();
  }

  private static UserId user(String key) {
    return new UserId(Long.parseLong(key));
  }
}
