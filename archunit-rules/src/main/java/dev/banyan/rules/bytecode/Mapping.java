package dev.banyan.rules.bytecode;

import dev.banyan.rules.sql.TableName;

/**
 * A table that an annotation maps.
 *
 * @param annotation its simple name
 * @param table the table it names
 * @param where the class or member that carries it
 */
public record Mapping(String annotation, TableName table, String where) {}
