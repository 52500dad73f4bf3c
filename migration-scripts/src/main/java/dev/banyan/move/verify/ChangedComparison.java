package dev.banyan.move.verify;

import dev.banyan.control.client.Owner;
import dev.banyan.move.database.Link;
import dev.banyan.move.database.TableFlow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Compares the rows of one table whose keys were written down on either side, and some more where that is wanted. */
final class ChangedComparison {

  private static final int FETCH_KEYS = 2_000;

  private final String module;
  private final Owner owner;
  private final TableFlow table;
  private final String name;
  private final Pin pin;
  private final StatementLimit limit;

  /**
   * Creates the comparison of one table.
   *
   * @param owner the side that the table flows from
   * @param limit a limit that holds on both sides already
   */
  ChangedComparison(String module, Owner owner, TableFlow table, Pin pin, StatementLimit limit) {
    this.module = module;
    this.owner = owner;
    this.table = table;
    this.name = Link.nameInMonolith(table, owner).toString();
    this.pin = pin;
    this.limit = limit;
  }

  /** Compares; keys that were found to differ before may be added. */
  TableResult run(List<RowKey> more) throws SQLException, InterruptedException {
    if (table.keyless()) {
      return compareAll();
    }
    KeyComparison comparison = new KeyComparison(table, pin.hasOneVersion());
    return pin.ask((here, there) -> compare(comparison, here, there, more));
  }

  /** Where rows may be alike, nothing less than all of them tells whether as many are there. */
  private TableResult compareAll() throws SQLException, InterruptedException {
    pin.ask((here, there) -> {
      limit.require(here, there);
      return table;
    });
    TableComparison comparison = new TableComparison(table, pin, VerifyProgress.NONE);
    comparison.begin();
    return comparison.finish();
  }

  private TableResult compare(KeyComparison comparison, Connection here, Connection there, List<RowKey> more) throws SQLException {
    limit.require(here, there);
    for (RowKey key : more) {
      comparison.add(key, here, there);
    }
    compareChanged(comparison, here, there);
    comparison.compareGathered(here, there);
    return TableResult.of(table.source().toString(), comparison.compared(), comparison.findings(), "");
  }

  private void compareChanged(KeyComparison comparison, Connection here, Connection there) throws SQLException {
    try (PreparedStatement known = changed(here); PreparedStatement written = changed(there)) {
      for (ResultSet keys : BothSides.ask(written::executeQuery, known::executeQuery, List::of)) {
        compareChanged(comparison, keys, here, there);
      }
    }
  }

  private PreparedStatement changed(Connection side) throws SQLException {
    PreparedStatement statement = side.prepareStatement(keysQuery());
    statement.setFetchSize(FETCH_KEYS);
    bind(statement);
    return statement;
  }

  private void compareChanged(KeyComparison comparison, ResultSet row, Connection here, Connection there) throws SQLException {
    for (long read = 1; row.next(); read++) {
      comparison.add(key(row), here, there);
      if (read % FETCH_KEYS == 0) {
        limit.require(here, there);
      }
    }
  }

  private String keysQuery() {
    return "select distinct u.* from banyan.changed_keys, " + KeySetUpkeep.unnested(table.keyPositions().length)
        + " where module = ? and name = ? and keys is not null";
  }

  private RowKey key(ResultSet row) throws SQLException {
    String[] values = new String[table.keyPositions().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.getString(i + 1);
    }
    return new RowKey(Arrays.asList(values));
  }

  /** Returns the pages of keys that the snapshots show: those that are no longer needed where all was equal. */
  Map<Owner, List<Long>> pages() throws SQLException, InterruptedException {
    return pin.ask(this::pages);
  }

  private Map<Owner, List<Long>> pages(Connection here, Connection there) throws SQLException {
    return Map.of(owner, pages(here), owner.other(), pages(there));
  }

  private List<Long> pages(Connection side) throws SQLException {
    List<Long> pages = new ArrayList<>();
    try (PreparedStatement statement = side.prepareStatement("select id from banyan.changed_keys where module = ? and name = ?")) {
      bind(statement);
      ResultSet row = statement.executeQuery();
      while (row.next()) {
        pages.add(row.getLong(1));
      }
    }
    return pages;
  }

  private void bind(PreparedStatement statement) throws SQLException {
    statement.setString(1, module);
    statement.setString(2, name);
  }
}
