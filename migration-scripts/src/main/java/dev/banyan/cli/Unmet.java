package dev.banyan.cli;

import dev.banyan.control.Extraction;
import dev.banyan.move.check.Finding;
import dev.banyan.move.cutover.Readiness;
import dev.banyan.move.cutover.WayBackProbe;
import dev.banyan.move.database.Link;
import dev.banyan.move.mover.Workspace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Everything that a switch or a rollback would be refused for, as a dry run lists it. */
final class Unmet {

  private static final Duration PROBED_WITHIN = Duration.ofSeconds(10);

  private final Workspace space;
  private final Extraction record;

  Unmet(Workspace space, Extraction record) {
    this.space = space;
    this.record = record;
  }

  List<Finding> ofSwitch() {
    Link link = space.link();
    return with(link, readiness().ofSwitch(record, link));
  }

  List<Finding> ofRollback(boolean unproven) {
    Link link = space.link();
    return with(link, readiness().ofRollback(record, link, unproven));
  }

  private List<Finding> with(Link link, List<Finding> conditions) {
    List<Finding> unmet = new ArrayList<>(space.checker().duringTheMove().findings());
    unmet.addAll(conditions);
    new WayBackProbe(link, PROBED_WITHIN).of(record.owner().other()).ifPresent(unmet::add);
    return unmet;
  }

  private Readiness readiness() {
    return new Readiness(space.plan(), space.progress(), space.proxies(), space.certificates());
  }
}
