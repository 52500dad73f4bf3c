package dev.banyan.move.cutover;

import dev.banyan.control.Certificates;
import dev.banyan.control.ControlPlane;
import dev.banyan.control.Extraction;
import dev.banyan.control.Proxies;
import dev.banyan.control.StaleMoverException;
import dev.banyan.control.client.Owner;
import dev.banyan.move.cutover.protocol.BlockedException;
import dev.banyan.move.cutover.protocol.SwitchActs;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.Lsn;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.stream.Follower;
import dev.banyan.move.verify.ChangedProof;
import dev.banyan.move.verify.ChangedSince;
import dev.banyan.move.verify.KeySets;
import dev.banyan.move.verify.RowDifference;
import dev.banyan.move.verify.VerifyReport;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The acts of one switch on the two databases, within the plan's limits. */
final class DatabaseSwitch extends DatabaseSettling implements SwitchActs, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DatabaseSwitch.class);
  private static final Duration PREPARED_WITHIN = Duration.ofSeconds(60);
  private static final Duration QUIET_WITHIN = Duration.ofSeconds(10);
  // Autovacuum gives way after deadlock_timeout, 1 s as a rule; nobody else can be in the way behind a fence.
  private static final Duration GIVE_WAY = Duration.ofMillis(1_500);
  private static final Duration IN_THE_WAY = Duration.ofMillis(200);
  private static final Duration TERMINATED_AFTER = Duration.ofSeconds(1);

  private final Proxies proxies;
  private final Certificates certificates;
  private final Limits limits;
  private final Owner from;
  private final Owner to;
  private final Follower forward;
  private final Switch.Wish wish;
  private final ReadyConnections ready;
  private @Nullable Follower backward;
  private @Nullable Sequences sequences;
  private @Nullable ChangedProof proof;
  private FenceTriggers.@Nullable Opening opening;
  private SwitchReport report = new SwitchReport();
  private long fencedAtNanos;

  DatabaseSwitch(Link link, ControlPlane control, Proxies proxies, Certificates certificates, Limits limits,
      Follower forward, Switch.Wish wish) {
    super(link, control, limits.fenceTimeout());
    this.proxies = proxies;
    this.certificates = certificates;
    this.limits = limits;
    this.from = forward.owner();
    this.to = from.other();
    this.forward = forward;
    this.wish = wish;
    this.ready = new ReadyConnections(link);
  }

  /** Taking back waits for connections of its own: one that was opened before may have been lost since. */
  private FenceTriggers readyFence(Owner side) {
    return new FenceTriggers(link(), side, () -> ready.take(side));
  }

  @Override
  public void record(Extraction at, String event, Map<String, ?> detail) {
    control().record(at, event, detail);
  }

  @Override
  public void begin(Extraction at, String step) {
    control().begin(at, step);
  }

  @Override
  public void dropSlot(Extraction at, Owner side) throws InterruptedException {
    new Replication(link(), side).dropSlot(control(), at);
  }

  @Override
  public void createSlot(Extraction at, Owner side) throws TimeoutException {
    Replication replication = new Replication(link(), side);
    replication.createSlot(PREPARED_WITHIN);
    // It cannot be made under the record's lock, because it waits for every open transaction.
    requireCurrent(at);
  }

  @Override
  public void warmWayBack() throws SQLException {
    backward = Follower.warm(link(), to);
  }

  @Override
  public void prepareProof() throws SQLException, InterruptedException, TimeoutException {
    sequences = Sequences.of(link(), to);
    proof = ChangedProof.prepare(link(), from, certificates);
    proof.rehearse();
    // As late as can be: what is written from here on has to be proven while writes are held.
    wish.renewal().renew();
    proof.readCertificates();
  }

  @Override
  public void probe(Extraction at) throws SQLException, InterruptedException, TimeoutException {
    wayBack().awaitCaughtUp(PREPARED_WITHIN);
    forward.awaitCaughtUp(PREPARED_WITHIN);
    awaitQuiet(at, from);
    awaitQuiet(at, to);
    ready.open();
  }

  private void awaitQuiet(Extraction at, Owner side) throws InterruptedException {
    Blockers blockers = new Blockers(link(), side);
    long deadline = System.nanoTime() + QUIET_WITHIN.toNanos();
    List<String> inTheWay = blockers.openFor(IN_THE_WAY);
    while (!inTheWay.isEmpty()) {
      if (wish.terminateBlockers()) {
        terminate(at, side, TERMINATED_AFTER);
      }
      if (System.nanoTime() > deadline) {
        throw new SwitchCancelledException("Transactions on the moved tables of the %s do not end: %s".formatted(
            side.word(), String.join("; ", inTheWay)));
      }
      Thread.sleep(50);
      inTheWay = blockers.openFor(IN_THE_WAY);
    }
  }

  private void terminate(Extraction at, Owner side, Duration openForAtLeast) {
    List<String> ended = new Blockers(link(), side).terminate(openForAtLeast);
    if (!ended.isEmpty()) {
      control().record(at, "switch.terminated", Map.of("side", side.word(), "ended", ended));
    }
  }

  @Override
  public Extraction hold(Extraction at) {
    report = new SwitchReport();
    sides().forEach(side -> side.hurry(limits.maxPause()));
    return control().hold(at, limits.maxPause());
  }

  @Override
  public void awaitProxies(Extraction at) throws InterruptedException {
    List<String> behind = proxies.behind(at.module(), at.routeVersion());
    while (!behind.isEmpty()) {
      requireTimeLeft("proxies did not hold the writes in time: " + behind);
      Thread.sleep(1);
      behind = proxies.behind(at.module(), at.routeVersion());
    }
  }

  @Override
  public void fence(Extraction at) throws SQLException {
    fencedAtNanos = System.nanoTime();
    readyFence(from).raise(at.epoch(), limits.fenceTimeout());
  }

  @Override
  public void pauseBetweenAttempts(Extraction at, int attempt, BlockedException reason) throws SQLException, InterruptedException {
    if (wish.terminateBlockers()) {
      // Whoever only queued behind our own lock has begun since, or a moment before.
      terminate(at, from, TERMINATED_AFTER.plusNanos(System.nanoTime() - fencedAtNanos));
    }
    if (attempt == limits.fenceAttempts()) {
      throw new SwitchCancelledException("%s, %d times. In the way: %s".formatted(reason.getMessage(), attempt,
          String.join("; ", new Blockers(link(), from).openFor(Duration.ZERO))), reason);
    }
    LOG.info("fence attempt {} of {}: {}", attempt, limits.fenceAttempts(), reason.getMessage());
    ready.open();
    Thread.sleep(200L * attempt);
  }

  @Override
  public void catchUp() throws InterruptedException, TimeoutException {
    forward.awaitCaughtUp(timeLeft("the owner's last changes were not applied in time"));
  }

  @Override
  public void seal() {
    // Heartbeats still come, but from here only the switch writes on the other side.
    forward.stopBehind(Lsn.ZERO);
  }

  @Override
  public void prove(Extraction at) throws SQLException, InterruptedException, TimeoutException {
    ChangedProof changed = Objects.requireNonNull(proof);
    changed.prove(() -> timeLeft("the rows that have changed since the certificate could not be compared in time"));
    if (!changed.report().isEqual()) {
      changed.certify(at);
      throw new SwitchCancelledException(differing(changed.report()));
    }
    // The way back must not depend on a certificate: it may be needed because things are not as they should be.
    if (!changed.unprovable().isEmpty() && to == Owner.SERVICE) {
      throw new SwitchCancelledException("What has changed since the certificate cannot be proven: %s. Verify anew.".formatted(
          reasons(changed.unprovable())));
    }
    report.proved(changed.report().rows(), reasons(changed.unprovable()));
  }

  private static String differing(VerifyReport found) {
    return ("%d of %d rows that have changed since the certificate differ: %s. "
        + "See which with `banyan verify PLAN`, and repair them with `--repair`").formatted(
        found.differing(), found.rows(), found.tables().stream().filter(table -> !table.isEqual())
            .map(table -> table.name() + " " + table.samples().stream().map(RowDifference::masked).collect(Collectors.joining("; ")))
            .collect(Collectors.joining(", ")));
  }

  private static String reasons(List<ChangedSince> unprovable) {
    return unprovable.stream().map(table -> table.table() + ", " + table.unprovable().orElse(""))
        .collect(Collectors.joining("; "));
  }

  @Override
  public void moveSequences() throws SQLException {
    Objects.requireNonNull(sequences).forward();
  }

  @Override
  public Lsn turn() throws InterruptedException, TimeoutException {
    return wayBack().turn(timeLeft("the way back did not come to a standstill in time"));
  }

  @Override
  public void storeTurn(Extraction at, Lsn turnedAt) {
    int stored = link().database(from).jdbi().withHandle(handle -> handle.execute(
        "update banyan.side set applied = ?::pg_lsn where module = ? and epoch = ?", turnedAt.toString(), at.module(), at.epoch()));
    if (stored != 1) {
      throw new StaleMoverException(at.module(), at.epoch());
    }
  }

  @Override
  public void carryKeys(Extraction at) throws SQLException {
    new KeySets(link()).carryOver(to, at.epoch());
  }

  @Override
  public void prepareOpening(Extraction at) throws SQLException {
    Duration left = timeLeft("the new owner's tables were not to be locked in time");
    opening = readyFence(to).prepareOpening(at.epoch() + 1, left.compareTo(GIVE_WAY) < 0 ? left : GIVE_WAY);
    requireTimeLeft("max-pause was used up");
  }

  @Override
  public void closeOpening() throws SQLException {
    if (opening != null) {
      opening.close();
      opening = null;
    }
  }

  @Override
  public Extraction decide(Extraction at, Lsn turnedAt) {
    return control().decide(at, Map.of("turnedAt", turnedAt.toString()));
  }

  @Override
  public void commitOpening() throws SQLException {
    Objects.requireNonNull(opening).open();
    closeOpening();
  }

  @Override
  public void endForward() {
    forward.close();
  }

  @Override
  public void resumeForward() {
    forward.goOn();
  }

  @Override
  public void endWayBack() {
    if (backward != null) {
      backward.close();
    }
  }

  @Override
  public void beginWayBack(Extraction at, Lsn turnedAt) throws SQLException {
    wayBack().begin(turnedAt, at.epoch());
  }

  @Override
  public void certify(Extraction at) throws InterruptedException {
    Objects.requireNonNull(proof).certify(at);
  }

  @Override
  public void report(Extraction at) {
    control().record(at, "switch.done", report.asMap());
  }

  /** Returns how long each step took. */
  SwitchReport report() {
    return report;
  }

  /** Returns what follows the new owner. */
  Follower wayBack() {
    return Objects.requireNonNull(backward);
  }

  private Duration timeLeft(String otherwise) {
    Duration left = limits.maxPause().minusNanos(report.heldNanos());
    if (left.isNegative() || left.isZero()) {
      throw new SwitchCancelledException("max-pause of %d ms is used up: %s".formatted(limits.maxPause().toMillis(), otherwise));
    }
    return left;
  }

  private void requireTimeLeft(String otherwise) {
    timeLeft(otherwise);
  }

  /** Lets go what no step has; the streams are left to whoever has them now. */
  @Override
  public void close() {
    sides().forEach(Database::takeTime);
    try (ready) {
      closeOpening();
    } catch (SQLException e) {
      LOG.debug("the server rolls back what a lost connection had prepared: {}", e.toString());
    }
    if (proof != null) {
      proof.close();
    }
  }

  private List<Database> sides() {
    return List.of(link().monolith(), link().service());
  }
}
