package dev.banyan.move.verify;

import dev.banyan.move.database.TableFlow;
import dev.banyan.move.verify.RowDifference.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compares the rows of one table that have certain keys; a key that neither side has is equal. */
final class KeyComparison {

  private static final int KEYS_AT_ONCE = 2_000;

  private final KeyedRows ours;
  private final KeyedRows theirs;
  private final Findings findings = new Findings();
  private final List<RowKey> gathered = new ArrayList<>();
  private long compared;

  KeyComparison(TableFlow table, boolean sameVersion) {
    this.ours = new KeyedRows(table, true, sameVersion);
    this.theirs = new KeyedRows(table, false, sameVersion);
  }

  /** Adds a key; now and then those that were gathered are compared. */
  void add(RowKey key, Connection owner, Connection other) throws SQLException {
    gathered.add(key);
    if (gathered.size() == KEYS_AT_ONCE) {
      compareGathered(owner, other);
    }
  }

  /** Compares what is left. */
  void compareGathered(Connection owner, Connection other) throws SQLException {
    if (gathered.isEmpty()) {
      return;
    }
    BothSides.ask(() -> ours.hashes(owner, gathered), () -> theirs.hashes(other, gathered), this::compareAll);
    compared += gathered.size();
    gathered.clear();
  }

  private Findings compareAll(Map<Integer, Long> here, Map<Integer, Long> there) {
    for (int i = 0; i < gathered.size(); i++) {
      compare(gathered.get(i), here.get(i), there.get(i));
    }
    return findings;
  }

  private void compare(RowKey key, @Nullable Long here, @Nullable Long there) {
    if (!Objects.equals(here, there)) {
      findings.add(there == null ? Kind.MISSING : here == null ? Kind.EXTRA : Kind.DIFFERENT, key);
    }
  }

  long compared() {
    return compared;
  }

  Findings findings() {
    return findings;
  }
}
