package dev.banyan.move.cutover;

import dev.banyan.control.ControlPlane;
import dev.banyan.control.Extraction;
import dev.banyan.control.Proxies;
import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Link;
import dev.banyan.move.plan.Limits;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/**
 * Gives a module back to the monolith while the service does not answer. What the service had committed and the monolith had
 * not applied is lost to the monolith, so that nothing may ever be streamed or proven past it: the decision says so as well.
 * The service cannot be fenced; nobody may write to it until a mover has.
 *
 * <p>Broken off before the decision it can be done again, and a mover that reaches both sides takes it back; broken off
 * behind it, whoever settles the record opens the monolith.
 */
public final class LossyTurn {

  // The monolith is closed, so nobody is kept waiting; but autovacuum gives way only after deadlock_timeout, 1 s.
  private static final Duration LOCKED_WITHIN = Duration.ofSeconds(5);

  private final Link link;
  private final ControlPlane control;
  private final Proxies proxies;
  private final Limits limits;

  /** Creates the turn; of the link's tables only the monolith's shapes are used. */
  public LossyTurn(Link link, ControlPlane control, Proxies proxies, Limits limits) {
    this.link = link;
    this.control = control;
    this.proxies = proxies;
    this.limits = limits;
  }

  /**
   * Carries it out.
   *
   * @param before the record, with the service as owner
   * @param known what is known of the loss
   * @param reason what is said from then on of why nothing is followed any more
   * @return the record with the monolith as owner
   */
  public Extraction run(Extraction before, Map<String, ?> known, String reason) throws SQLException, InterruptedException {
    FenceTriggers monolith = new FenceTriggers(link, Owner.MONOLITH);
    monolith.adopt(before.epoch());
    // Nothing is applied any more and the monolith is closed, so this need not be done while writes are held.
    Sequences.ofMonolithAlone(link).forward();
    Extraction held = control.hold(before, limits.maxPause());
    try {
      awaitProxies(held);
      return decide(held, monolith, known, reason);
    } catch (SQLException | InterruptedException | RuntimeException e) {
      letGo(held, e);
      throw e;
    }
  }

  /** A proxy that does not answer knows the former owner, and that one does not answer either. */
  private void awaitProxies(Extraction held) throws InterruptedException {
    long deadline = System.nanoTime() + limits.maxPause().toNanos();
    while (!proxies.behind(held.module(), held.routeVersion()).isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(5);
    }
  }

  private Extraction decide(Extraction held, FenceTriggers monolith, Map<String, ?> known, String reason) throws SQLException, InterruptedException {
    try (FenceTriggers.Opening opening = monolith.prepareOpening(held.epoch() + 1, LOCKED_WITHIN)) {
      Extraction decided = control.decideWithLoss(held, known, reason);
      opening.open();
      return control.release(decided);
    }
  }

  /** Refused where the decision was made: then whoever settles lets go. */
  private void letGo(Extraction held, Exception reason) {
    try {
      control.release(held);
    } catch (RuntimeException e) {
      reason.addSuppressed(e);
    }
  }
}
