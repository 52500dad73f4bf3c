package dev.banyan.move.verify;

import dev.banyan.control.Certificates;
import dev.banyan.control.Certificates.TableCertificate;
import dev.banyan.control.Differences;
import dev.banyan.control.Differences.Difference;
import dev.banyan.control.Extraction;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.SideEpoch;
import dev.banyan.move.database.TableFlow;
import dev.banyan.move.stream.Follower;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Proves that both sides are equal at one position of the owner's log, or finds the rows that are not, and certifies
 * each table as soon as it is done: what an interruption leaves are the certificates of the tables before it.
 */
public final class Verifier {

  private static final Duration LOCKS_WITHIN = Duration.ofSeconds(5);

  private final Link link;
  private final Follower follower;
  private final Extraction record;
  private final Certificates certificates;
  private final KeySets sets;
  private final Settings settings;

  /**
   * How to verify.
   *
   * @param jobs how many questions are asked at once on each side
   * @param progress told now and then how far it has come
   * @param details where the rows that differ are kept with their values; empty where nobody asked for them
   */
  public record Settings(int jobs, Consumer<String> progress, Optional<Differences> details) {}

  /** Creates a verifier for what {@code follower} keeps in step. */
  public Verifier(Link link, Follower follower, Extraction record, Certificates certificates, Settings settings) {
    this.link = link;
    this.follower = follower;
    this.record = record;
    this.certificates = certificates;
    this.sets = new KeySets(link);
    this.settings = settings;
  }

  /**
   * Compares every row.
   *
   * @param tables the tables by their names in the monolith
   * @throws TimeoutException if the other side did not reach the position in time
   */
  public VerifyReport compareAll(List<String> tables) throws SQLException, InterruptedException, TimeoutException {
    Map<String, UUID> series = new HashMap<>();
    // Before the snapshots: what is changed in between makes the certificate worthless, not wrong.
    Map<String, String> shapes = Shapes.of(link);
    try (Pin pin = pin(ours -> series.putAll(begin(tables)))) {
      Map<String, TableComparison> comparisons = new LinkedHashMap<>();
      VerifyProgress progress = new VerifyProgress(tables.size(), settings.progress());
      for (TableFlow flow : flows(tables)) {
        TableComparison comparison = new TableComparison(flow, pin, progress);
        comparison.begin();
        comparisons.put(name(flow), comparison);
      }
      List<TableResult> results = new ArrayList<>();
      for (TableFlow flow : flows(tables)) {
        TableResult result = detailed(flow, pin, Objects.requireNonNull(comparisons.get(name(flow))).finish());
        certifier().compared(name(flow), pin, result, Objects.requireNonNull(series.get(name(flow))),
            Objects.requireNonNull(shapes.get(name(flow))), changed(flow, pin).pages());
        results.add(result);
      }
      return new VerifyReport(pin.position(), false, results);
    }
  }

  /** What changes behind the position is written down from the position on. */
  private Map<String, UUID> begin(List<String> tables) {
    Map<String, UUID> series = sets.begin(follower.owner().other(), tables, record.epoch());
    follower.keepKeysOf(() -> sets.kept(follower.owner().other()));
    return series;
  }

  /**
   * Compares the rows that have changed since their tables' certificates.
   *
   * @param tables the tables by their names in the monolith
   * @throws UnprovableException if that would not prove all of them; nothing was compared then
   */
  public VerifyReport compareChanged(List<String> tables) throws SQLException, InterruptedException, TimeoutException {
    try (Pin pin = pin(ours -> { })) {
      Map<String, TableCertificate> provable = requireProvable(tables);
      List<TableResult> results = new ArrayList<>();
      VerifyProgress progress = new VerifyProgress(tables.size(), settings.progress());
      for (TableFlow flow : flows(tables)) {
        results.add(renew(flow, pin, Objects.requireNonNull(provable.get(name(flow))), List.of()));
        progress.compared(results.get(results.size() - 1).rows());
        progress.ended();
      }
      return new VerifyReport(pin.position(), true, results);
    }
  }

  /** Asked behind the snapshots: a set that was intact then was intact at the position. */
  private Map<String, TableCertificate> requireProvable(List<String> tables) {
    Map<String, Optional<TableCertificate>> all = certificates.ofTables(link.module());
    List<ChangedSince> unprovable = ChangedSince.of(link, follower.owner(), all).stream()
        .filter(table -> tables.contains(table.table()) && table.unprovable().isPresent()).toList();
    if (!unprovable.isEmpty()) {
      throw new UnprovableException(unprovable);
    }
    Map<String, TableCertificate> provable = new HashMap<>();
    all.forEach((table, certificate) -> certificate.ifPresent(there -> provable.put(table, there)));
    return provable;
  }

  private TableResult renew(TableFlow flow, Pin pin, TableCertificate before, List<RowKey> more)
      throws SQLException, InterruptedException {
    ChangedComparison comparison = changed(flow, pin);
    TableResult found = comparison.run(more);
    TableResult result = detailed(flow, pin, found);
    certifier().renewed(before, follower.owner(), pin, found, comparison.pages());
    return result;
  }

  private ChangedComparison changed(TableFlow flow, Pin pin) {
    return new ChangedComparison(link.module(), follower.owner(), flow, pin, StatementLimit.none());
  }

  /**
   * Makes the other side's rows that were found to differ what the owner's are, and proves these rows, and those that
   * have changed since they were found. The rows are written while the other side stands still at a position, from the
   * owner's rows at that position: so what the owner changes later comes on top, and nothing older does.
   *
   * @param found what a verification of this verifier has found
   * @throws RepairRefusedException if the other side does not take the rows; nothing was changed
   * @throws UnprovableException if the rows were repaired, but the tables have to be compared anew
   */
  public VerifyReport repair(VerifyReport found) throws SQLException, InterruptedException, TimeoutException {
    Map<String, List<RowKey>> keys = new LinkedHashMap<>();
    for (TableFlow flow : link.flowsFrom(follower.owner())) {
      requireKey(flow, found);
      found.tables().stream().filter(result -> result.name().equals(flow.source().toString()) && !result.isEqual())
          .forEach(result -> keys.put(name(flow), result.differences().stream().map(RowDifference::key).toList()));
    }
    try (Pin pin = pin(ours -> write(ours, keys))) {
      Map<String, TableCertificate> repaired = requireIntact(keys.keySet());
      List<TableResult> results = new ArrayList<>();
      for (TableFlow flow : flows(List.copyOf(keys.keySet()))) {
        results.add(renew(flow, pin, Objects.requireNonNull(repaired.get(name(flow))), Objects.requireNonNull(keys.get(name(flow)))));
      }
      return new VerifyReport(pin.position(), true, results);
    }
  }

  private void write(SideSnapshot ours, Map<String, List<RowKey>> keys) throws SQLException, InterruptedException {
    try (Connection applier = link.database(follower.owner().other()).connectAsApplier()) {
      applier.setAutoCommit(false);
      try (var statement = applier.createStatement()) {
        // A large transaction that the applier has written in part may hold one of these rows.
        statement.execute("set local lock_timeout = " + LOCKS_WITHIN.toMillis());
      }
      for (TableFlow flow : flows(List.copyOf(keys.keySet()))) {
        new Repair(flow, applier).run(ours, Objects.requireNonNull(keys.get(name(flow))));
      }
      SideEpoch.require(applier, link.module(), record.epoch());
      applier.commit();
    } catch (SQLException e) {
      if (RepairRefusedException.isAnswer(e)) {
        throw new RepairRefusedException(e);
      }
      throw e;
    }
  }

  private static void requireKey(TableFlow flow, VerifyReport found) {
    if (flow.keyless() && found.tables().stream().anyMatch(result -> result.name().equals(flow.source().toString()) && !result.isEqual())) {
      throw new RepairRefusedException("Rows of %s cannot be told apart; there is no repairing one and not another. Give it a key, or copy it anew."
          .formatted(flow.source()));
    }
  }

  /** All rows but those repaired were equal when they were compared; the keys changed since must be known without a gap. */
  private Map<String, TableCertificate> requireIntact(Set<String> tables) {
    Map<String, Optional<TableCertificate>> asIfEqual = new LinkedHashMap<>();
    Map<String, TableCertificate> found = new HashMap<>();
    certificates.ofTables(link.module()).forEach((table, certificate) -> certificate.filter(kept -> tables.contains(table)).ifPresent(kept -> {
      found.put(table, kept);
      asIfEqual.put(table, Optional.of(kept.renewed(kept.owner(), kept.position(), kept.at(), true)));
    }));
    List<ChangedSince> gaps = ChangedSince.of(link, follower.owner(), asIfEqual).stream()
        .filter(table -> table.unprovable().isPresent()).toList();
    if (!gaps.isEmpty()) {
      throw new UnprovableException(gaps);
    }
    return found;
  }

  private Pin pin(Pin.Standstill standstill) throws SQLException, InterruptedException, TimeoutException {
    return Pin.take(link, follower, settings.jobs(), standstill);
  }

  private TableResult detailed(TableFlow flow, Pin pin, TableResult result) throws SQLException, InterruptedException {
    if (result.isEqual() || flow.keyless()) {
      return result;
    }
    RowPairs pairs = new RowPairs(flow, pin);
    if (settings.details().isPresent()) {
      pairs.each(result.differences(), pair -> settings.details().get().add(link.module(),
          new Difference(pair.shown(), new RepairSql(pair).statement())));
    }
    List<RowDifference> differences = new ArrayList<>(pairs.detailed(result.samples()));
    differences.addAll(result.differences().subList(differences.size(), result.differences().size()));
    return result.with(differences);
  }

  private List<TableFlow> flows(List<String> tables) {
    return link.flowsFrom(follower.owner()).stream().filter(flow -> tables.contains(name(flow))).toList();
  }

  private String name(TableFlow flow) {
    return Link.nameInMonolith(flow, follower.owner()).toString();
  }

  private Certifier certifier() {
    return new Certifier(certificates, sets, record);
  }
}
