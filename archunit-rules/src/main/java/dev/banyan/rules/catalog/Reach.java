package dev.banyan.rules.catalog;

import dev.banyan.rules.sql.Access;
import dev.banyan.rules.sql.TableName;
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
public record Reach(String object, Optional<TableName> holder, Optional<String> role, TableName table, Access access, String detail) {}
