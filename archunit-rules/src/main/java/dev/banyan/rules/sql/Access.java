package dev.banyan.rules.sql;

/** What a statement does to a table; the later, the stronger. */
public enum Access {
  /** Names it as the target of a foreign key, a grant, a mapping or the like. */
  REFERENCE("refers to"),
  /** Reads its rows. */
  READ("reads"),
  /** Changes its rows or its definition. */
  WRITE("writes");

  private final String verb;

  Access(String verb) {
    this.verb = verb;
  }

  /** Returns the access as a verb, third person. */
  public String verb() {
    return verb;
  }

  Access stronger(Access other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
