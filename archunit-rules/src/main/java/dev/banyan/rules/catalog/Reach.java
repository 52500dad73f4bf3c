package dev.banyan.rules.catalog;

import dev.banyan.rules.sql.Access;
import dev.banyan.rules.sql.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * An object of the database that reaches a table.
 *
 * @param object what it is and its name
 * @param holder the table, view or function by which the object's module is known; empty where the role tells it
 * @param role the role that a grant is for
 * @param table what it reaches
 * @param access what it does there
 * @param detail what shows it
 */
public record Reach(String object, Optional<TableName> holder, Optional<String> role, TableName table, Access access, String detail) {

  /** Tells whether it is a right that every role has. */
  public boolean isEverybodys() {
    return role.filter("public"::equalsIgnoreCase).isPresent();
  }

  /** Reads a row of holder's schema and name, reached schema and name, and detail, in columns 2 to 6; a role has no schema. */
  static Reach of(ResultSet row, String object, TableName.Kind kind, Access access) throws SQLException {
    boolean role = row.getString(2).isEmpty();
    Optional<TableName> holder = role ? Optional.empty() : Optional.of(TableName.of(row.getString(2), row.getString(3)));
    return new Reach(object, holder, role ? Optional.of(row.getString(3)) : Optional.empty(),
        TableName.of(row.getString(4), row.getString(5)).as(kind), access, row.getString(6));
  }
}
