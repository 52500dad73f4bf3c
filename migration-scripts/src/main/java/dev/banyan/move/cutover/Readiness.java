package dev.banyan.move.cutover;

import dev.banyan.control.Extraction;
import dev.banyan.control.Progress;
import dev.banyan.control.Progress.Certificate;
import dev.banyan.control.Proxies;
import dev.banyan.move.check.Finding;
import dev.banyan.move.database.Link;
import dev.banyan.move.plan.ByteCount;
import dev.banyan.move.plan.Durations;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.plan.Plan;
import dev.banyan.move.plan.TablePlan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a switch has to wait for: every unmet condition, with its measured and allowed number. */
public final class Readiness {

  private static final String LAG = "lag";

  private final Plan plan;
  private final Progress progress;
  private final Proxies proxies;

  /** Creates the judgement for a plan. */
  public Readiness(Plan plan, Progress progress, Proxies proxies) {
    this.plan = plan;
    this.progress = progress;
    this.proxies = proxies;
  }

  /** Returns what stands in the way of switching writes to the service. */
  public List<Finding> ofSwitch(Extraction record, Link link) {
    List<Finding> unmet = ofEither(record, link);
    certificate(unmet);
    filters(unmet);
    return unmet;
  }

  /** Returns what stands in the way of letting the service answer reads. */
  public List<Finding> ofReads(Extraction record, Link link) {
    List<Finding> unmet = ofEither(record, link);
    certificate(unmet);
    return unmet;
  }

  /** Returns what stands in the way of going back. */
  public List<Finding> ofRollback(Extraction record, Link link) {
    return ofEither(record, link);
  }

  private List<Finding> ofEither(Extraction record, Link link) {
    List<Finding> unmet = new ArrayList<>();
    lag(unmet);
    retainedLog(unmet, record, link);
    liveProxies(unmet);
    return unmet;
  }

  /** Tells whether an unmet condition may be met in a moment without anybody doing anything. */
  public static boolean mayPass(Finding unmet) {
    return unmet.condition().equals(LAG);
  }

  private void lag(List<Finding> unmet) {
    Duration allowed = limits().maxLag();
    Optional<Duration> lag = progress.mover(plan.module()).filter(Progress.MoverState::alive).flatMap(Progress.MoverState::lag);
    if (lag.isEmpty()) {
      unmet.add(new Finding(LAG, "not measured", "at most " + Durations.text(allowed),
          "See that the mover runs: banyan run %s".formatted(plan.file())));
    } else if (lag.get().compareTo(allowed) > 0) {
      unmet.add(new Finding(LAG, Durations.text(lag.get()), "at most " + Durations.text(allowed), "Wait, or raise limits.max-lag."));
    }
  }

  private void certificate(List<Finding> unmet) {
    Duration allowed = limits().verifiedWithin();
    Optional<Certificate> certificate = progress.certificate(plan.module());
    String remedy = "Run: banyan verify " + plan.file();
    if (certificate.isEmpty()) {
      unmet.add(new Finding("certificate", "none", "one not older than " + Durations.text(allowed), remedy));
    } else if (!certificate.get().equal()) {
      unmet.add(new Finding("certificate", "both sides differ", "both sides equal", "See what differs: banyan verify " + plan.file()));
    } else if (certificate.get().age(Instant.now()).compareTo(allowed) > 0) {
      unmet.add(new Finding("certificate", "from " + certificate.get().at(), "not older than " + Durations.text(allowed), remedy));
    }
  }

  /** The service may write rows that the filter hides, or keys that the monolith has outside it: neither could flow back. */
  private void filters(List<Finding> unmet) {
    for (TablePlan table : plan.tables()) {
      table.where().ifPresent(where -> unmet.add(new Finding("way back of " + table.source(), "only rows where " + where,
          "every row", "Writes of a table that moves with `where` cannot be switched yet; only reads can.")));
    }
  }

  private void retainedLog(List<Finding> unmet, Extraction record, Link link) {
    long retained = new Replication(link, record.owner()).retainedBytes();
    if (retained > limits().retainedWal().bytes()) {
      unmet.add(new Finding("log retained by the slot", new ByteCount(retained).toString(),
          "at most " + limits().retainedWal(), "Wait until the stream has caught up, or raise limits.retained-wal."));
    }
  }

  private void liveProxies(List<Finding> unmet) {
    if (!plan.routes().isEmpty() && proxies.alive() == 0) {
      unmet.add(new Finding("live proxies", "0", "at least 1", "Start the strangler proxy on the monolith's database."));
    }
  }

  private Limits limits() {
    return plan.limits();
  }
}
