package dev.banyan.move.cutover;

import dev.banyan.control.Certificates;
import dev.banyan.control.Certificates.Certificate;
import dev.banyan.control.Certificates.TableCertificate;
import dev.banyan.control.Extraction;
import dev.banyan.control.Progress;
import dev.banyan.control.Proxies;
import dev.banyan.move.check.Finding;
import dev.banyan.move.database.Link;
import dev.banyan.move.plan.ByteCount;
import dev.banyan.move.plan.Durations;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.plan.Plan;
import dev.banyan.move.plan.TablePlan;
import dev.banyan.move.verify.ChangedSince;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a switch has to wait for: every unmet condition, with its measured and allowed number. */
public final class Readiness {

  private static final String LAG = "lag";
  private static final String CERTIFICATE = "certificate";

  private final Plan plan;
  private final Progress progress;
  private final Proxies proxies;
  private final Certificates certificates;

  /** Creates the judgement for a plan. */
  public Readiness(Plan plan, Progress progress, Proxies proxies, Certificates certificates) {
    this.plan = plan;
    this.progress = progress;
    this.proxies = proxies;
    this.certificates = certificates;
  }

  /** Returns what stands in the way of switching writes to the service. */
  public List<Finding> ofSwitch(Extraction record, Link link) {
    List<Finding> unmet = ofEither(record, link);
    if (certificate(unmet)) {
      changedSince(unmet, record, link);
    }
    filters(unmet);
    return unmet;
  }

  /** Returns what stands in the way of letting the service answer reads. */
  public List<Finding> ofReads(Extraction record, Link link) {
    List<Finding> unmet = ofEither(record, link);
    certificate(unmet);
    return unmet;
  }

  /**
   * Returns what stands in the way of going back.
   *
   * @param unproven whether somebody has said to go back although rows may be missing
   */
  public List<Finding> ofRollback(Extraction record, Link link, boolean unproven) {
    List<Finding> unmet = ofEither(record, link);
    if (!unproven) {
      suspects(unmet, record, link);
    }
    return unmet;
  }

  private void suspects(List<Finding> unmet, Extraction record, Link link) {
    for (ChangedSince table : ChangedSince.of(link, record.owner(), certificates.ofTables(plan.module()))) {
      if (table.suspect()) {
        unmet.add(new Finding(CERTIFICATE, "of %s: %s".formatted(table.table(), table.unprovable().orElse("")),
            "nothing known that the log does not tell",
            "Rows may be missing on the other side: banyan verify %1$s --repair; or go back all the same: banyan rollback %1$s --unproven"
                .formatted(plan.file())));
      }
    }
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
      unmet.add(new Finding(LAG, Durations.text(lag.get()), "at most " + Durations.text(allowed),
          "Wait, or raise limits.max-lag."));
    }
  }

  private boolean certificate(List<Finding> unmet) {
    Map<String, Optional<TableCertificate>> tables = certificates.ofTables(plan.module());
    Optional<Certificate> certificate = Certificates.ofModule(tables);
    Duration allowed = limits().verifiedWithin();
    int before = unmet.size();
    if (certificate.isEmpty()) {
      unmet.add(new Finding(CERTIFICATE, none(tables), "one not older than " + Durations.text(allowed),
          "Run: banyan verify " + plan.file()));
    } else if (!certificate.get().equal()) {
      unmet.add(new Finding(CERTIFICATE, "both sides differ", "both sides equal",
          "See what differs: banyan verify " + plan.file()));
    } else if (certificate.get().age(Instant.now()).compareTo(allowed) > 0) {
      unmet.add(new Finding(CERTIFICATE, "from " + certificate.get().oldest().comparedAt(),
          "not older than " + Durations.text(allowed), "Run: banyan verify " + plan.file()));
    }
    return unmet.size() == before;
  }

  private static String none(Map<String, Optional<TableCertificate>> tables) {
    List<String> without = tables.entrySet().stream().filter(table -> table.getValue().isEmpty()).map(Map.Entry::getKey).toList();
    return without.size() == tables.size() ? "none" : "none of " + String.join(", ", without);
  }

  /** What the switch could not prove, nothing proves. */
  private void changedSince(List<Finding> unmet, Extraction record, Link link) {
    for (ChangedSince table : ChangedSince.of(link, record.owner(), certificates.ofTables(plan.module()))) {
      table.unprovable().ifPresent(reason -> unmet.add(new Finding(CERTIFICATE, "of %s: %s".formatted(table.table(), reason),
          "every changed row can be compared", "Run: banyan verify %s --table '%s'".formatted(plan.file(), table.table()))));
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
