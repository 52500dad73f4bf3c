package dev.banyan.rules.bytecode.flow;

/** Where a string comes from: a member as a reader finds it, and a line. */
record Origin(String where, int line) {}
