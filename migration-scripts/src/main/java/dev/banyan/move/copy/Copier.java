package dev.banyan.move.copy;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.CopiedRange;
import dev.banyan.move.database.CopyLedger;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.SideEpoch;
import dev.banyan.move.database.SourceKey;
import dev.banyan.move.database.TableFlow;
import dev.banyan.move.database.TableName;
import dev.banyan.move.plan.Limits;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Copies every row of the monolith's tables. A copy that was interrupted goes on: ranges that are copied stay, the others
 * are copied under a new snapshot, and the {@link CopyLedger} knows the position of each.
 *
 * <p>Rows of two snapshots need not fit together under a unique index: a value that one row gave up and another took in
 * between stands twice. So such indexes are set aside for the time of the copy, and a table with one that must stay
 * ({@link DeferredIndexes}) is copied under one snapshot, anew where it was interrupted.
 */
public final class Copier {

  private static final Duration TELL_AFTER = Duration.ofSeconds(5);

  private final Link link;
  private final Limits limits;
  private final long epoch;
  private final CopyProgress progress;
  private final Brake brake;
  private final CopyLedger ledger;
  private final Connections connections = new Connections();

  /** Creates a copier that works under {@code epoch}, as fast as the brake lets it. */
  public Copier(Link link, Limits limits, long epoch, CopyProgress progress, Brake brake) {
    this.link = link;
    this.limits = limits;
    this.epoch = epoch;
    this.progress = progress;
    this.brake = brake;
    this.ledger = new CopyLedger(link.service(), link.module());
  }

  /**
   * Copies what is not copied yet, until all is or the brake stops it: the {@link CopyLedger} tells which. Once all is
   * copied the stream may begin where the slot does.
   */
  public void copy() throws SQLException, InterruptedException {
    if (ledger.copiedFrom().isEmpty()) {
      begin();
    } else {
      goOn();
    }
    if (ledger.copiedFrom().isPresent() && ledger.ranges().stream().allMatch(CopiedRange::isCopied)) {
      ledger.conclude(epoch);
    }
  }

  /** Breaks a copy off that another thread runs; does nothing where none runs. */
  public void abort() {
    connections.abort();
  }

  private void begin() throws SQLException, InterruptedException {
    prepare();
    try (LockedSnapshot snapshot = snapshot(LockedSnapshot::ofSlot)) {
      if (snapshot != null) {
        ledger.plan(snapshot.position(), planned(snapshot), epoch);
        copyOpenRanges(snapshot);
      }
    }
  }

  /** In one transaction: whatever breaks it off, the indexes are there or their definitions are. */
  private void prepare() throws SQLException, InterruptedException {
    try (Connection target = connections.opened(link.service().connectAsApplier())) {
      target.setAutoCommit(false);
      SideEpoch.require(target, link.module(), epoch);
      List<TableName> tables = link.names(Owner.SERVICE);
      Emptying.of(target, tables);
      new DeferredIndexes(link.service(), link.module()).setAside(target, tables);
      ledger.begin(target);
      target.commit();
    }
  }

  private void goOn() throws SQLException, InterruptedException {
    reopenWhatIsOfOneSnapshot();
    tellWhatIsKept();
    if (ledger.ranges().stream().anyMatch(range -> !range.isCopied())) {
      try (LockedSnapshot snapshot = snapshot(LockedSnapshot::later)) {
        if (snapshot != null) {
          copyOpenRanges(snapshot);
        }
      }
    }
  }

  private void reopenWhatIsOfOneSnapshot() throws SQLException, InterruptedException {
    try (Connection target = connections.opened(link.service().connectAsApplier())) {
      target.setAutoCommit(false);
      for (TableFlow table : link.flowsFrom(Owner.MONOLITH)) {
        SideEpoch.require(target, link.module(), epoch);
        if (isHalfCopied(table) && BuildableIndex.isUniqueBesidesKey(target, table.target())) {
          try (var statement = target.createStatement()) {
            // Not truncated: that would empty tables with a foreign key to it as well, or be refused.
            statement.execute("delete from " + table.target().sql());
          }
          ledger.reopen(target, table.source());
        }
        target.commit();
      }
    }
  }

  private boolean isHalfCopied(TableFlow table) {
    List<Boolean> copied = rangesOf(table.source()).stream().map(CopiedRange::isCopied).distinct().toList();
    return copied.size() > 1;
  }

  private List<CopiedRange> rangesOf(TableName source) {
    return ledger.ranges().stream().filter(range -> range.source().equals(source)).toList();
  }

  private void tellWhatIsKept() {
    List<CopiedRange> ranges = ledger.ranges();
    ranges.stream().filter(CopiedRange::isCopied)
        .collect(groupingBy(CopiedRange::source, summingLong(CopiedRange::rows)))
        .forEach(progress::kept);
    for (TableFlow table : link.flowsFrom(Owner.MONOLITH)) {
      if (ranges.stream().noneMatch(range -> range.source().equals(table.source()) && !range.isCopied())) {
        progress.finished(table.source());
      }
    }
  }

  private interface Opening {
    LockedSnapshot open(Link link, Duration timeout) throws SQLException, TimeoutException;
  }

  /** A slot begins where no transaction is open; there may be one that takes its time. Null where the brake stops it. */
  private @Nullable LockedSnapshot snapshot(Opening opening) throws SQLException, InterruptedException {
    while (!brake.stops()) {
      connections.requireNotAborted();
      try {
        return opening.open(link, TELL_AFTER);
      } catch (TimeoutException e) {
        progress.waiting(String.valueOf(e.getMessage()));
      }
    }
    return null;
  }

  private List<CopiedRange> planned(LockedSnapshot snapshot) throws SQLException, InterruptedException {
    try (Connection source = connections.opened(link.monolith().connect())) {
      snapshot.importInto(source);
      RangePlanner planner = new RangePlanner(source, limits.rangeRows());
      List<CopiedRange> ranges = new ArrayList<>();
      for (SourceKey key : keys().values()) {
        ranges.addAll(planner.plan(key));
      }
      return ranges;
    }
  }

  private void copyOpenRanges(LockedSnapshot snapshot) throws SQLException, InterruptedException {
    Map<TableName, SourceKey> keys = keys();
    List<KeyRange> open = new ArrayList<>();
    for (TableFlow table : link.flowsFrom(Owner.MONOLITH)) {
      SourceKey key = Objects.requireNonNull(keys.get(table.source()));
      rangesOf(table.source()).stream().filter(range -> !range.isCopied())
          .forEach(range -> open.add(new KeyRange(table, key, range)));
    }
    new RangeWorkers(link, epoch, progress, ledger, connections, brake, new CopyRate(limits.copyRate())).copy(snapshot, open, limits.copyJobs());
  }

  private Map<TableName, SourceKey> keys() {
    return link.monolith().jdbi().withHandle(handle -> {
      Map<TableName, SourceKey> keys = new HashMap<>();
      link.names(Owner.MONOLITH).forEach(table -> keys.put(table, SourceKey.read(handle, table)));
      return keys;
    });
  }
}
