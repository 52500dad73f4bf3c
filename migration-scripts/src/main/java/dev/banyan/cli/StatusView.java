package dev.banyan.cli;

import dev.banyan.control.Certificates;
import dev.banyan.control.Certificates.TableCertificate;
import dev.banyan.control.Extraction;
import dev.banyan.control.Pauses.Pause;
import dev.banyan.control.Phase;
import dev.banyan.control.Progress;
import dev.banyan.control.Progress.MoverState;
import dev.banyan.control.Progress.TableProgress;
import dev.banyan.control.client.Owner;
import dev.banyan.move.check.Checker;
import dev.banyan.move.check.Finding;
import dev.banyan.move.cutover.Readiness;
import dev.banyan.move.database.Link;
import dev.banyan.move.mover.Refused;
import dev.banyan.move.mover.Workspace;
import dev.banyan.move.verify.ChangedSince;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Where a move stands, as {@code status} answers it. The keys are {@code module, phase, epoch, owner, lag, tables,
 * certificate, unmet, next, mover, log, paused}; they are documented in docs/status.md and stay.
 */
final class StatusView {

  private final Workspace space;

  StatusView(Workspace space) {
    this.space = space;
  }

  Map<String, Object> read() {
    Checker checker = space.checker();
    if (!checker.isReachable()) {
      throw new Refused("The state of module '%s' is not to be had:".formatted(space.module()), checker.found());
    }
    return space.control().isInstalled()
        ? space.control().find(space.module()).map(this::describe).orElseGet(this::notBegun)
        : notBegun();
  }

  private Map<String, Object> notBegun() {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("module", space.module());
    status.put("phase", "NONE");
    status.put("epoch", 0);
    status.put("owner", Owner.MONOLITH.word());
    status.put("lag", Map.of());
    status.put("tables", List.of());
    status.put("certificate", Map.of());
    status.put("unmet", List.of());
    status.put("next", List.of("banyan check " + file(), "banyan run " + file()));
    status.put("mover", Map.of("running", false));
    status.put("log", Map.of());
    status.put("paused", Map.of());
    return status;
  }

  private Map<String, Object> describe(Extraction extraction) {
    Progress progress = space.progress();
    Optional<MoverState> mover = progress.mover(space.module());
    Optional<Link> link = extraction.phase().isFollowing() ? Optional.of(space.link()) : Optional.empty();
    List<Finding> unmet = link.map(tables -> unmet(extraction, tables)).orElse(List.of());
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("module", space.module());
    status.put("phase", extraction.phase().name());
    status.put("epoch", extraction.epoch());
    status.put("owner", extraction.owner().word());
    status.put("lag", mover.map(StatusView::lag).orElse(Map.of()));
    status.put("tables", progress.tables(space.module()).stream().map(StatusView::table).toList());
    status.put("certificate", certificate(extraction, link));
    status.put("unmet", unmet);
    status.put("next", next(extraction, mover, unmet));
    status.put("mover", mover.map(this::mover).orElse(Map.of("running", false)));
    status.put("log", LogView.read(space, extraction, mover.filter(MoverState::alive).isPresent()));
    status.put("paused", paused(extraction).map(StatusView::paused).orElse(Map.of()));
    return status;
  }

  private List<Finding> unmet(Extraction extraction, Link link) {
    Readiness readiness = new Readiness(space.plan(), space.progress(), space.proxies(), space.certificates());
    return extraction.phase() == Phase.WRITES_SWITCHED
        ? readiness.ofRollback(extraction, link, false)
        : readiness.ofSwitch(extraction, link);
  }

  private List<String> next(Extraction extraction, Optional<MoverState> mover, List<Finding> unmet) {
    if (extraction.phase() == Phase.COMPLETED) {
      return List.of();
    }
    if (extraction.phase() == Phase.CANCELLED || mover.filter(MoverState::alive).isEmpty()) {
      return List.of("banyan run " + file());
    }
    if (mover.filter(state -> state.state().equals("halted")).isPresent()) {
      return List.of(extraction.phase() == Phase.WRITES_SWITCHED ? "banyan complete " + file() : "banyan cancel " + file());
    }
    if (paused(extraction).isPresent()) {
      return List.of("banyan resume " + file(), "banyan cancel " + file());
    }
    boolean certified = unmet.stream().noneMatch(finding -> finding.condition().equals("certificate"));
    return switch (extraction.phase()) {
      case IN_SYNC -> certified
          ? switches()
          : List.of("banyan verify " + file(), "banyan cancel " + file());
      case READS_SWITCHED -> List.of("banyan switch writes " + file(), "banyan rollback " + file());
      case WRITES_SWITCHED -> List.of("banyan rollback " + file(), "banyan complete " + file());
      default -> List.of("banyan status %s --watch".formatted(file()), "banyan cancel " + file());
    };
  }

  private List<String> switches() {
    List<String> next = new ArrayList<>();
    if (!space.plan().routes().isEmpty()) {
      next.add("banyan switch reads %s --percent 10".formatted(file()));
    }
    next.add("banyan switch writes " + file());
    next.add("banyan cancel " + file());
    return next;
  }

  private String file() {
    return space.plan().file();
  }

  private Optional<Pause> paused(Extraction extraction) {
    return space.pauses().find(space.module())
        .filter(pause -> extraction.phase() == Phase.PLANNED || extraction.phase() == Phase.COPYING);
  }

  private static Map<String, Object> paused(Pause pause) {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("since", pause.since().toString());
    described.put("by", pause.actor());
    described.put("inForce", pause.inForce());
    return described;
  }

  private static Map<String, Object> lag(MoverState mover) {
    Map<String, Object> lag = new LinkedHashMap<>();
    if (mover.alive()) {
      mover.lag().ifPresent(time -> lag.put("millis", time.toMillis()));
      mover.lagBytes().ifPresent(bytes -> lag.put("bytes", bytes));
    }
    return lag;
  }

  private Map<String, Object> mover(MoverState mover) {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("running", mover.alive());
    described.put("state", mover.state());
    space.intents().open(space.module()).flatMap(intent -> space.intents().progress(intent.id()))
        .ifPresent(progress -> described.put("progress", progress));
    mover.message().ifPresent(message -> described.put("message", message));
    return described;
  }

  private static Map<String, Object> table(TableProgress table) {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("name", table.name());
    described.put("state", table.state());
    described.put("rows", table.rows());
    described.put("copied", table.copied());
    return described;
  }

  private Map<String, Object> certificate(Extraction extraction, Optional<Link> link) {
    Map<String, Optional<TableCertificate>> certificates = space.certificates().ofTables(space.module());
    Map<String, Object> described = new LinkedHashMap<>();
    Certificates.ofModule(certificates).ifPresent(certificate -> {
      described.put("at", certificate.oldest().at().toString());
      described.put("position", certificate.oldest().position());
      described.put("equal", certificate.equal());
      described.put("fresh", certificate.equal()
          && certificate.age(Instant.now()).compareTo(space.plan().limits().verifiedWithin()) <= 0);
    });
    if (certificates.values().stream().anyMatch(Optional::isPresent)) {
      Map<String, ChangedSince> changed = link.map(tables -> changed(extraction, tables, certificates)).orElse(Map.of());
      described.put("tables", certificates.values().stream().flatMap(Optional::stream)
          .map(certificate -> table(certificate, Optional.ofNullable(changed.get(certificate.table())))).toList());
    }
    return described;
  }

  private static Map<String, ChangedSince> changed(Extraction extraction, Link link,
      Map<String, Optional<TableCertificate>> certificates) {
    return ChangedSince.of(link, extraction.owner(), certificates).stream()
        .collect(Collectors.toMap(ChangedSince::table, Function.identity()));
  }

  private static Map<String, Object> table(TableCertificate certificate, Optional<ChangedSince> changed) {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("name", certificate.table());
    described.put("at", certificate.at().toString());
    described.put("position", certificate.position());
    described.put("equal", certificate.equal());
    described.put("rows", certificate.rows());
    described.put("hash", certificate.hash());
    described.put("comparedAt", certificate.comparedAt().toString());
    changed.ifPresent(since -> {
      described.put("changed", since.keys());
      since.unprovable().ifPresent(reason -> described.put("unprovable", reason));
    });
    return described;
  }

  static boolean isEnded(Map<String, Object> status) {
    return List.of("COMPLETED", "CANCELLED").contains(status.get("phase"));
  }

  static String text(Map<String, Object> status) {
    List<String> lines = new ArrayList<>();
    lines.add("%s: %s, owner %s, epoch %s%s".formatted(status.get("module"), status.get("phase"), status.get("owner"),
        status.get("epoch"), moverText((Map<?, ?>) status.getOrDefault("mover", Map.of()))));
    Map<?, ?> lag = (Map<?, ?>) status.getOrDefault("lag", Map.of());
    if (!lag.isEmpty()) {
      lines.add("  lag: %s ms, %s bytes".formatted(lag.get("millis"), lag.get("bytes")));
    }
    for (Object each : (List<?>) status.getOrDefault("tables", List.of())) {
      Map<?, ?> table = (Map<?, ?>) each;
      lines.add("  %-32s %-8s %s of %s rows".formatted(table.get("name"), table.get("state"), table.get("copied"), table.get("rows")));
    }
    if (status.get("paused") instanceof Map<?, ?> paused && !paused.isEmpty()) {
      lines.add("  copy paused by %s since %s".formatted(paused.get("by"), paused.get("since")));
    }
    LogView.text((Map<?, ?>) status.getOrDefault("log", Map.of())).ifPresent(lines::add);
    Map<?, ?> certificate = (Map<?, ?>) status.getOrDefault("certificate", Map.of());
    if (certificate.get("at") != null) {
      lines.add("  certificate: %s, from %s at %s".formatted(Boolean.TRUE.equals(certificate.get("equal")) ? "equal" : "NOT equal",
          certificate.get("at"), certificate.get("position")));
    }
    if (certificate.get("tables") instanceof List<?> tables) {
      tables.forEach(table -> lines.add(certificateText((Map<?, ?>) table)));
    }
    ((List<?>) status.getOrDefault("unmet", List.of())).forEach(unmet -> lines.add("  unmet: " + unmet));
    ((List<?>) status.getOrDefault("next", List.of())).forEach(next -> lines.add("  next: " + next));
    return String.join("\n", lines);
  }

  private static String certificateText(Map<?, ?> table) {
    String since = table.get("unprovable") == null
        ? table.get("changed") == null ? "" : ", %s keys changed since".formatted(table.get("changed"))
        : ", what has changed since cannot be proven: " + table.get("unprovable");
    return "    %-30s %s, %s rows compared %s%s".formatted(table.get("name"), Boolean.TRUE.equals(table.get("equal")) ? "equal" : "NOT equal",
        table.get("rows"), table.get("comparedAt"), since);
  }

  private static String moverText(Map<?, ?> mover) {
    if (Boolean.TRUE.equals(mover.get("running"))) {
      String progress = mover.get("progress") == null ? "" : ": " + mover.get("progress");
      String doing = mover.get("state") instanceof String state && (state.startsWith("copy ") || state.startsWith("interrupted"))
          ? ": " + state : "";
      return mover.get("message") == null ? ", mover runs" + progress + doing : ", mover halted: " + mover.get("message");
    }
    return ", no mover runs" + (mover.get("message") == null ? "" : " (stopped: " + mover.get("message") + ")");
  }
}
