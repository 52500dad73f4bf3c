package dev.banyan.move.rehearsal;

import dev.banyan.move.check.Finding;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a rehearsal came to.
 *
 * @param module the module
 * @param maxPause how long the plan lets writes be held
 * @param switches the switches
 * @param rollbacks the rollbacks
 * @param load what was recorded of the real load and replayed, with the keys of docs/status.md
 * @param writers what the replay's writers have seen, with the keys of docs/status.md
 * @param took how long each part of the rehearsal took, in its order
 * @param rows how many rows were copied
 * @param servers the versions of the monolith's server and of the one with the copies, for people
 * @param unmet what the real move would be refused for now
 * @param warnings what may surprise at the real switch
 * @param leftOut what did not come along to the copies
 */
public record RehearsalReport(String module, Duration maxPause, Turns switches, Turns rollbacks, Map<String, Object> load,
    Map<String, Object> writers, Map<String, Duration> took, long rows, String servers, List<Finding> unmet, List<Finding> warnings,
    List<String> leftOut) {

  /** Returns the longest time for which writes were held. */
  public double longestMillis() {
    return Math.max(switches.pause().longest(), rollbacks.pause().longest());
  }

  /** Tells whether every switch and every rollback was done, and none held writes for longer than the plan allows. */
  public boolean holds() {
    return switches.count() > 0 && rollbacks.count() > 0 && switches.failures().isEmpty() && rollbacks.failures().isEmpty()
        && longestMillis() <= maxPause.toNanos() / 1e6;
  }

  /** Returns the report as programs get it; the keys are documented in docs/status.md and stay. */
  public Map<String, Object> asMap() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("module", module);
    report.put("holds", holds());
    report.put("longestPauseMillis", longestMillis());
    report.put("maxPauseMillis", maxPause.toMillis());
    report.put("switch", switches.asMap());
    report.put("rollback", rollbacks.asMap());
    report.put("load", load);
    report.put("writers", writers);
    report.put("rows", rows);
    Map<String, Object> millis = new LinkedHashMap<>();
    took.forEach((part, time) -> millis.put(part, time.toMillis()));
    report.put("tookMillis", millis);
    report.put("servers", servers);
    report.put("unmet", unmet);
    report.put("warnings", warnings);
    report.put("leftOut", leftOut);
    return report;
  }
}
