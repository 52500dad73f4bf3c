package dev.banyan.rules.sql;

/**
 * An entity that a query names, or that one of its paths leads to.
 *
 * @param name as it stands in the query; the full name of the class where a path leads to it
 * @param access what is done to it
 */
public record EntityUse(String name, Access access) {}
