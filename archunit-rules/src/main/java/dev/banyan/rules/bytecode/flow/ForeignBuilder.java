package dev.banyan.rules.bytecode.flow;

/** A string builder that came in as a parameter: what is appended to it goes on elsewhere. */
record ForeignBuilder(int local) {}
