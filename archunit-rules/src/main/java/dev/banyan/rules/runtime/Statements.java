package dev.banyan.rules.runtime;

import dev.banyan.rules.Finding;
import dev.banyan.rules.SchemaOwnership;
import dev.banyan.rules.sql.Reading;
import dev.banyan.rules.sql.SqlReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The tables of statements, each read once. */
final class Statements {

  record Key(String sql, Optional<String> searchPath) {}

  /** What is known of a statement. */
  record Known(String sql, Reading reading, boolean touchesOwned) {}

  private final SchemaOwnership ownership;
  private final Map<Key, Known> known = new ConcurrentHashMap<>();

  Statements(SchemaOwnership ownership) {
    this.ownership = ownership;
  }

  Known known(String sql, Optional<String> searchPath) {
    Key key = new Key(sql, searchPath);
    Known there = known.get(key);
    return there != null ? there : read(key);
  }

  private Known read(Key key) {
    Reading reading = reading(key);
    Known read = new Known(key.sql(), reading, reading.uses().stream().anyMatch(use -> ownership.isOwnedByAnybody(use.table())));
    if (SchemaGuard.hasRoom(known)) {
      known.put(key, read);
    }
    return read;
  }

  /** A statement that cannot be read is sent all the same: a guard must not be what fails. */
  private static Reading reading(Key key) {
    try {
      return SqlReader.readStatement(key.sql(), key.searchPath());
    } catch (RuntimeException | StackOverflowError notRead) {
      return Reading.notKnown();
    }
  }

  List<Finding> findings(Known statement, Attribution.Caller caller) {
    return ownership.crossings(caller.module(), statement.reading(), caller.location(), caller.source(), caller.line(), statement.sql());
  }
}
