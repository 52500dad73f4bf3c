package dev.banyan.move.database;

import java.util.List;

/**
 * A unique index over whole columns and all rows that is checked at once, so that its columns can tell rows apart.
 *
 * @param name its name
 * @param primary whether it is the primary key's
 * @param replicaIdentity whether the log carries its columns' old values
 * @param columns its columns in their order, included ones left out
 * @param notNull whether none of them may be null
 */
public record UniqueIndex(String name, boolean primary, boolean replicaIdentity, List<String> columns,
    boolean notNull) {}
