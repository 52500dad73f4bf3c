package dev.banyan.rules.bytecode.flow;

/** A string builder that came in as a parameter, or is kept in a field: what is appended to it goes on elsewhere. */
record ForeignBuilder(Object place) {}
