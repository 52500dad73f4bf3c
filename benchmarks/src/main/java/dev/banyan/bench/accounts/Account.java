package dev.banyan.bench.accounts;

/**
 * What is told of an account.
 *
 * @param revision how many changes it has seen
 */
record Account(long id, String email, String name, long revision) {}
