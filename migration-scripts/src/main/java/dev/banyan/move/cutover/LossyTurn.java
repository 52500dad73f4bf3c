package dev.banyan.move.cutover;

import dev.banyan.control.ControlPlane;
import dev.banyan.control.Extraction;
import dev.banyan.control.Proxies;
import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Link;
import dev.banyan.move.plan.Limits;
import java.sql.SQLException;
import java.util.Map;

/**
 * Gives a module back to the monolith while the service does not answer. What the service had committed and the monolith had
 * not applied is lost to the monolith. The service cannot be fenced either: nobody may write to it until a mover has.
 *
 * <p>Broken off anywhere, it can be done again: before the decision nothing has changed but that writes are held, after it
 * the monolith is opened by whoever does it again, or by the next mover.
 */
public final class LossyTurn {

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

  /** Carries it out; returns the record as it is then. */
  public Extraction run(Extraction before, Map<String, ?> known) throws SQLException, InterruptedException {
    FenceTriggers monolith = new FenceTriggers(link, Owner.MONOLITH);
    if (before.owner() == Owner.MONOLITH) {
      monolith.adopt(before.epoch());
      monolith.lower(before.epoch(), limits.maxPause());
      return released(before);
    }
    monolith.adopt(before.epoch());
    Extraction held = control.hold(before);
    awaitProxies(held);
    Sequences.without(link, Owner.MONOLITH).forward();
    Extraction decided;
    try (FenceTriggers.Opening opening = monolith.prepareOpening(held.epoch() + 1, limits.maxPause())) {
      decided = control.decide(held, known);
      opening.open();
    }
    return released(decided);
  }

  private Extraction released(Extraction record) {
    return record.held() ? control.release(record) : record;
  }

  /** One that does not answer knows the old owner, and that one does not answer either. */
  private void awaitProxies(Extraction held) throws InterruptedException {
    long deadline = System.nanoTime() + limits.maxPause().toNanos();
    while (!proxies.behind(held.module(), held.routeVersion()).isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(5);
    }
  }
}
