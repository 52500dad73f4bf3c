package dev.banyan.rules.sql;

/**
 * An entity that a query names.
 *
 * @param name as it stands in the query
 * @param access what is done to it
 */
public record EntityUse(String name, Access access) {}
