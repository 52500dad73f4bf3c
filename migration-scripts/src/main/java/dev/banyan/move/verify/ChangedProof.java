package dev.banyan.move.verify;

import dev.banyan.control.Certificates;
import dev.banyan.control.Certificates.TableCertificate;
import dev.banyan.control.Extraction;
import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.Lsn;
import dev.banyan.move.database.TableFlow;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves, while both sides stand still, the rows that have changed since the certificates: then every row has been
 * proven equal. Connections are opened and certificates read beforehand, because writes are held meanwhile.
 */
public final class ChangedProof implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ChangedProof.class);
  private static final String QUERY_CANCELED = "57014";
  private static final Duration REHEARSED_WITHIN = Duration.ofSeconds(30);

  private final Link link;
  private final Owner owner;
  private final Certificates certificates;
  private Map<String, Optional<TableCertificate>> before;
  private final SideSnapshot ours;
  private final SideSnapshot theirs;
  private final Map<String, Compared> compared = new LinkedHashMap<>();
  private Pin pin;
  private List<ChangedSince> unprovable = List.of();

  private ChangedProof(Link link, Owner owner, Certificates certificates, SideSnapshot ours, SideSnapshot theirs) {
    this.link = link;
    this.owner = owner;
    this.certificates = certificates;
    this.before = certificates.ofTables(link.module());
    this.ours = ours;
    this.theirs = theirs;
    this.pin = new Pin(Lsn.ZERO, Instant.EPOCH, ours, theirs);
  }

  /** Connects to both sides. */
  public static ChangedProof prepare(Link link, Owner owner, Certificates certificates) throws SQLException {
    SideSnapshot ours = SideSnapshot.connect(link.database(owner), 1);
    try {
      return new ChangedProof(link, owner, certificates, ours, SideSnapshot.connect(link.database(owner.other()), 1));
    } catch (SQLException | RuntimeException e) {
      ours.close();
      throw e;
    }
  }

  /** Does everything once, while nobody waits for it: the first time takes several times as long. What it finds means nothing. */
  public void rehearse() throws SQLException, InterruptedException, TimeoutException {
    prove(() -> REHEARSED_WITHIN);
    ours.end();
    theirs.end();
    compared.clear();
  }

  /** Reads the certificates again, where they may have been renewed. */
  public void readCertificates() {
    before = certificates.ofTables(link.module());
  }

  /**
   * Proves; nobody may write on either side meanwhile.
   *
   * @param timeLeft asked again and again; throws where there is none
   * @throws TimeoutException if the time did not suffice
   */
  public void prove(Supplier<Duration> timeLeft) throws SQLException, InterruptedException, TimeoutException {
    StatementLimit limit = new StatementLimit(timeLeft);
    Lsn position = BothSides.ask(() -> ours.openAlone(limit.said()), () -> theirs.openAlone(limit.said()), (here, there) -> here);
    pin = new Pin(position, Instant.now(), ours, theirs);
    // Asked behind the snapshots: a set that is intact now was so in them.
    Map<String, ChangedSince> changed = ChangedSince.of(link, owner, before).stream()
        .collect(Collectors.toMap(ChangedSince::table, Function.identity()));
    unprovable = changed.values().stream().filter(table -> table.unprovable().isPresent()).toList();
    try {
      for (TableFlow flow : link.flowsFrom(owner)) {
        String table = Link.nameInMonolith(flow, owner).toString();
        ChangedSince since = Objects.requireNonNull(changed.get(table));
        if (since.unprovable().isEmpty()) {
          compared.put(table, since.keys() == 0 ? nothing(flow) : compare(flow, limit));
        }
      }
    } catch (SQLException e) {
      if (QUERY_CANCELED.equals(e.getSQLState())) {
        throw tooMany(e);
      }
      throw e;
    }
  }

  /** What was compared of a table, and by whom, where there was something to compare. */
  private record Compared(TableResult result, Optional<ChangedComparison> comparison) {}

  private static Compared nothing(TableFlow flow) {
    return new Compared(TableResult.of(flow.source().toString(), 0, new Findings(), ""), Optional.empty());
  }

  private Compared compare(TableFlow flow, StatementLimit limit) throws SQLException, InterruptedException {
    ChangedComparison comparison = new ChangedComparison(link.module(), owner, flow, pin, limit);
    TableResult result = comparison.run(List.of());
    return new Compared(result.isEqual() ? result : detailed(flow, result), Optional.of(comparison));
  }

  private TableResult detailed(TableFlow flow, TableResult result) throws SQLException, InterruptedException {
    return result.with(new RowPairs(flow, pin).detailed(result.samples()));
  }

  private static TimeoutException tooMany(SQLException cause) {
    TimeoutException e = new TimeoutException("the keys that have changed since the certificate could not be compared in time");
    e.initCause(cause);
    return e;
  }

  /** Returns what was compared. */
  public VerifyReport report() {
    List<TableResult> results = new ArrayList<>(compared.values().stream().map(Compared::result).toList());
    return new VerifyReport(pin.position(), true, results);
  }

  /** Returns the tables that could not be proven, with the reasons; they were not compared. */
  public List<ChangedSince> unprovable() {
    return unprovable;
  }

  /** Writes down what was proven. */
  public void certify(Extraction record) throws InterruptedException {
    Certifier certifier = new Certifier(certificates, new KeySets(link), record);
    for (Map.Entry<String, Compared> table : compared.entrySet()) {
      certifier.renewed(Objects.requireNonNull(before.get(table.getKey())).orElseThrow(), owner, pin, table.getValue().result(),
          pages(table.getValue()));
    }
  }

  /** Asked only now, when nobody waits any more. Where it cannot be told, they stay, and are compared once more. */
  private static Map<Owner, List<Long>> pages(Compared table) throws InterruptedException {
    try {
      return table.comparison().isEmpty() ? Map.of() : table.comparison().get().pages();
    } catch (SQLException e) {
      LOG.debug("pages of keys stay: {}", e.toString());
      return Map.of();
    }
  }

  @Override
  public void close() {
    ours.close();
    theirs.close();
  }
}
