package dev.banyan.move.mover;

import dev.banyan.control.Extraction;
import dev.banyan.control.Phase;
import dev.banyan.control.Progress.LastContact;
import dev.banyan.control.client.Owner;
import dev.banyan.move.check.Checker;
import dev.banyan.move.check.Finding;
import dev.banyan.move.cutover.LossyTurn;
import dev.banyan.move.cutover.Replication;
import dev.banyan.move.plan.Durations;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Goes back to the monolith where the service's server does not answer and will not any more. A mover waits for both
 * databases; so this is done by whoever asks, under the mover's lock, and ends what can be followed or proven.
 */
public final class LossyRollback {

  private static final Duration LOCKED_WITHIN = Duration.ofSeconds(5);
  private static final Set<Class<? extends IOException>> NOBODY_ANSWERS = Set.of(SocketException.class, SocketTimeoutException.class,
      UnknownHostException.class, EOFException.class);

  private final Workspace space;

  /** Creates it for one plan. */
  public LossyRollback(Workspace space) {
    this.space = space;
  }

  /**
   * What somebody says to know and to accept.
   *
   * @param bytes how much of the service's log may be lost, as far as that is known
   * @param lastContact when the service was reached last; what it has committed since is lost as well, and nobody knows how much
   */
  public record Accepted(long bytes, Instant lastContact) {}

  /** Tells whether this is what is left: the monolith's database says that the service owns, and the service's server is away. */
  public boolean isNeeded() {
    Checker checker = space.checker();
    return !checker.isReachable() && checker.hasReached(Owner.MONOLITH) && isOwnedByService() && isServiceAway();
  }

  private boolean isOwnedByService() {
    Optional<Extraction> record = space.control().isInstalled() ? space.control().find(space.module()) : Optional.empty();
    return record.filter(found -> found.phase() == Phase.WRITES_SWITCHED).isPresent();
  }

  /**
   * Goes back.
   *
   * @param accepted what is accepted; empty where nobody has been told yet
   * @return what is known of the loss, and the record's owner and phase
   * @throws Refused if the service answers or the monolith does not, a mover has the move, or more is lost than was accepted; nothing has changed
   */
  public Map<String, Object> run(Optional<Accepted> accepted) throws SQLException, InterruptedException {
    requireMonolith();
    requireServiceAway();
    if (space.control().lossOf(space.module()).isPresent()) {
      return finish();
    }
    requirePhase();
    try (MoverLock lock = MoverLock.take(space.monolith(), space.module(), LOCKED_WITHIN)) {
      lock.requireHeld();
      // Under the lock, so that nobody reaches the service meanwhile.
      LastContact contact = space.progress().lastContact(space.module()).orElseThrow();
      requireAccepted(contact, accepted);
      requireServiceAway();
      return carryOut(contact);
    }
  }

  private Map<String, Object> carryOut(LastContact contact) throws SQLException, InterruptedException {
    Map<String, Object> known = new LinkedHashMap<>();
    known.put("lostBytes", contact.aheadBytes());
    known.put("lastContact", text(contact.at()));
    Extraction taken = space.control().takeOver(space.module());
    try {
      known.putAll(answer(new LossyTurn(MonolithAlone.link(space), space.control(), space.proxies(), space.plan().limits())
          .run(taken, known, reason(contact))));
      takeSlotAway();
      return known;
    } finally {
      space.progress().gone(space.module(), Optional.empty());
    }
  }

  /** It was decided before, and broken off behind that. */
  private Map<String, Object> finish() throws SQLException, InterruptedException {
    new OwnerRescue(space).rescue();
    takeSlotAway();
    return answer(space.control().get(space.module()));
  }

  /** The service may have died before the slot of the former direction was dropped; nobody will ever read it. */
  private void takeSlotAway() throws InterruptedException {
    new Replication(MonolithAlone.link(space), Owner.MONOLITH).takeSlotAway();
  }

  private Map<String, Object> answer(Extraction after) {
    return Map.of("message", "The monolith owns module '%s' again. %s".formatted(space.module(), next()),
        "module", space.module(), "owner", after.owner().word(), "phase", after.phase().name());
  }

  private String reason(LastContact contact) {
    return ("The module was taken back from a service that did not answer: %d bytes of its log had not been applied at %s,"
        + " and what it has committed since is not known. %s").formatted(contact.aheadBytes(), text(contact.at()), next());
  }

  private String next() {
    return ("Let nobody write to the service until a mover runs, which fences it: banyan run %1$s. Its rows may be the only ones with"
        + " the last changes; banyan cancel %1$s --keep-data ends the move and leaves them to be compared.").formatted(space.plan().file());
  }

  private void requirePhase() {
    Phase phase = space.control().get(space.module()).phase();
    if (phase != Phase.WRITES_SWITCHED) {
      throw new Refused("Rollback of '%s' with loss refused: the phase is %s, needed: WRITES_SWITCHED.".formatted(space.module(), phase));
    }
  }

  private void requireAccepted(LastContact contact, Optional<Accepted> accepted) {
    boolean told = accepted.filter(said -> said.bytes() >= contact.aheadBytes()
        && text(said.lastContact()).equals(text(contact.at()))).isPresent();
    if (!told) {
      throw new Refused("Rollback of '%s' without the service refused: it would lose what the service has not sent.".formatted(space.module()),
          List.of(new Finding("loss", ("%d bytes of the service's log were not applied when it was reached last, at %s, %s ago;"
              + " what it has committed since is lost as well, and nobody knows how much").formatted(contact.aheadBytes(),
              text(contact.at()), Durations.inFull(Duration.between(contact.at(), Instant.now()))),
              "accepted by name", ("Bring the service's server back, and nothing is lost. If it is gone for good, see that nobody can write"
              + " to the service any more, then: banyan rollback %s --accept-loss %d --last-contact %s")
              .formatted(space.plan().file(), contact.aheadBytes(), text(contact.at())))));
    }
  }

  private static String text(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private void requireMonolith() {
    Checker checker = space.checker();
    if (!checker.isReachable() && !checker.hasReached(Owner.MONOLITH)) {
      throw new Refused("Rollback of '%s' with loss refused:".formatted(space.module()), checker.found());
    }
  }

  private void requireServiceAway() {
    if (!isServiceAway()) {
      throw new Refused("Rollback of '%s' with loss refused: the service's server answers. `banyan rollback %s` loses nothing; where it cannot: banyan doctor %s"
          .formatted(space.module(), space.plan().file(), space.plan().file()));
    }
  }

  private boolean isServiceAway() {
    try (Connection connection = space.service().connect()) {
      return false;
    } catch (SQLException e) {
      return isLost(e);
    }
  }

  /**
   * A server that refuses a password, knows no such database or cannot agree on encryption is there, and what it has can be
   * had. Class 08 does not tell: the driver says 08004 and 08006 of servers that have answered as well.
   */
  private static boolean isLost(SQLException failure) {
    return Stream.iterate((Throwable) failure, Objects::nonNull, Throwable::getCause)
        .anyMatch(cause -> NOBODY_ANSWERS.stream().anyMatch(type -> type.isInstance(cause)));
  }
}
