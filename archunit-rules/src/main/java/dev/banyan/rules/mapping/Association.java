package dev.banyan.rules.mapping;

/**
 * A member, or an extended class, by which one entity reaches another.
 *
 * @param annotation the simple name of what says so
 * @param target the full name of the other class
 * @param where the member that carries it
 */
public record Association(String annotation, String target, String where) {}
