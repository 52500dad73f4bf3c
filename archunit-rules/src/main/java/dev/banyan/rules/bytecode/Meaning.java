package dev.banyan.rules.bytecode;

/** What a string is taken for, by the place it goes to; the later, the more certain. */
public enum Meaning {
  /** Any place: it is SQL if it has the shape of a statement. */
  GUESS,
  /** A place that takes a part of a statement, such as a restriction. */
  EXPRESSION,
  /** A place that takes the name of a table and reads it. */
  TABLE_READ,
  /** A place that takes the name of a table and refers to it. */
  TABLE_REFERENCE,
  /** A place that takes the name of a table and changes it. */
  TABLE_WRITE,
  /** A place that takes the schema of a table that is named elsewhere, and changes that. */
  SCHEMA_WRITE,
  /** A place that takes the name of a function or procedure and calls it. */
  ROUTINE,
  /** A place that takes the name of a sequence. */
  SEQUENCE,
  /** A place that goes from an entity over its associations: {@code shop.Order#customer.name}. */
  ENTITY_PATH,
  /** A place that takes the class of an entity and reads its table. */
  ENTITY_READ,
  /** A place that takes the class of an entity and changes its table. */
  ENTITY_WRITE,
  /** A place that takes the name of a statement that is declared elsewhere. */
  NAMED,
  /** A place that takes a query over entities. */
  JPQL,
  /** A place that takes a statement. */
  SQL,
  /** A place that takes the schema of names without one, for the statements that come after it. */
  SCHEMA,
  /** No place: a method whose flow could not be followed; the text says why. */
  NOT_FOLLOWED
}
