package dev.banyan.move.rehearsal;

/**
 * One object of a schema, as the statement that makes it again.
 *
 * @param what the object, for people
 * @param sql the statement
 * @param needed whether there is no rehearsal without it; otherwise it is left out where it cannot be made, and said so
 */
record SchemaPart(String what, String sql, boolean needed) {}
