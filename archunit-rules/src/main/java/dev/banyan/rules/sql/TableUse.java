package dev.banyan.rules.sql;

/**
 * A table that a text names.
 *
 * @param table which
 * @param access what is done to it
 * @param line the line of the text, from 1
 */
public record TableUse(TableName table, Access access, int line) {}
