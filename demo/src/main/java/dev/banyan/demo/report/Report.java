package dev.banyan.demo.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What the demo has measured, for people and for programs. */
public final class Report {

  private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final List<Map<String, Object>> steps = new ArrayList<>();
  private final List<Long> switchPauses = new ArrayList<>();
  private final List<Long> rollbackPauses = new ArrayList<>();
  private final List<String> leftovers = new ArrayList<>();
  private Difference rows = new Difference(0, 0, 0, 0);
  private Balance writes = new Balance(0, 0);
  private long reads;
  private long writesAcknowledged;
  private long failed;
  private double lagP50;
  private double lagP99;

  /** A step was done, so many seconds after it was begun. */
  public void step(String name, double seconds) {
    Map<String, Object> step = new LinkedHashMap<>();
    step.put("name", name);
    step.put("seconds", Math.round(seconds * 10) / 10.0);
    steps.add(step);
  }

  /** Clients noticed this pause at a switch of writes. */
  public void switchPause(long millis) {
    switchPauses.add(millis);
  }

  /** Clients noticed this pause at a rollback. */
  public void rollbackPause(long millis) {
    rollbackPauses.add(millis);
  }

  /** Both databases were compared. */
  public void rows(Difference difference) {
    rows = difference;
  }

  /** The owner's database was compared with what clients know. */
  public void writes(Balance balance) {
    writes = balance;
  }

  /** So many requests were answered, and so many not as they should have been. */
  public void requests(long answeredReads, long acknowledgedWrites, long failedRequests) {
    reads = answeredReads;
    writesAcknowledged = acknowledgedWrites;
    failed = failedRequests;
  }

  /** The lag was measured, in microseconds. */
  public void lag(Histogram micros) {
    lagP50 = millis(micros.getValueAtPercentile(50));
    lagP99 = millis(micros.getValueAtPercentile(99));
  }

  /** Something of the move was left behind. */
  public void leftover(String what) {
    leftovers.add(what);
  }

  private static double millis(long micros) {
    return Math.round(micros / 10.0) / 100.0;
  }

  /** Tells whether nothing was lost, doubled, different, failed or left behind. How long the pauses were depends on the machine. */
  public boolean isGood() {
    return rows.compared() > 0 && rows.isNone() && writes.lost() == 0 && writes.duplicated() == 0 && failed == 0
        && writesAcknowledged > 0 && leftovers.isEmpty();
  }

  /** Writes the report as JSON. */
  public void writeTo(Path file) throws IOException {
    JSON.writeValue(file.toFile(), asMap());
  }

  Map<String, Object> asMap() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("module", "users");
    report.put("steps", steps);
    report.put("rows", ordered("compared", rows.compared(), "different", rows.different(), "missing", rows.missing(), "extra", rows.extra()));
    report.put("requests", ordered("reads", reads, "writesAcknowledged", writesAcknowledged, "failed", failed));
    report.put("writes", ordered("lost", writes.lost(), "duplicated", writes.duplicated()));
    report.put("pauseMillis", ordered("switch", switchPauses, "rollback", rollbackPauses));
    report.put("lagMillis", ordered("p50", lagP50, "p99", lagP99));
    report.put("leftovers", leftovers);
    return report;
  }

  private static Map<String, Object> ordered(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  /** Returns the report as people read it. */
  public String text() {
    return """

        What the clients saw, and what both databases hold
          requests   %,d reads and %,d acknowledged writes, %,d failed
          writes     %,d lost, %,d duplicated
          rows       %,d compared, %,d different, %,d missing, %,d extra
          pause      switch %s ms, rollback %s ms (longest gap or slowest write)
          lag        median %.1f ms, p99 %.1f ms (acknowledged to visible on the other side)
          left over  %s
        %s""".formatted(reads, writesAcknowledged, failed, writes.lost(), writes.duplicated(), rows.compared(),
        rows.different(), rows.missing(), rows.extra(), text(switchPauses), text(rollbackPauses), lagP50, lagP99,
        leftovers.isEmpty() ? "nothing" : String.join(", ", leftovers), isGood() ? "Good." : "NOT good.");
  }

  private static String text(List<Long> pauses) {
    return pauses.isEmpty() ? "–" : String.join(" and ", pauses.stream().map(Object::toString).toList());
  }
}
