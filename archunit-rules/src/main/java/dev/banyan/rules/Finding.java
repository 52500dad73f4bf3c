package dev.banyan.rules;

import dev.banyan.rules.sql.Access;
import dev.banyan.rules.sql.TableName;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One place where a module touches what another one owns.
 *
 * @param module the module that does it; empty if the class belongs to none, or if everybody may; the owner itself where it has left
 * @param owner the module that owns the table
 * @param name what is touched: a table, a function or a type
 * @param access what is done to the table
 * @param kind what says so
 * @param location class and member, script, or object in the database
 * @param source file and line, as {@code File.java:12}; empty for an object in the database
 * @param line 0 if unknown
 * @param statement the text, shortened
 */
public record Finding(Optional<String> module, String owner, TableName name, Access access, Kind kind, String location,
    String source, int line, String statement) {

  /** What shows the access. */
  public enum Kind {
    /** A statement in code. */
    SQL,
    /** An annotation that maps a class or an association to a table. */
    MAPPING,
    /** A statement of a migration. */
    MIGRATION,
    /** An object in the database itself. */
    CATALOG
  }

  private static final Pattern FOREIGN_KEY = Pattern.compile("\\breferences\\b(?!\\s*,|\\s+on\\b)|\\baddForeignKeyConstraint\\b", Pattern.CASE_INSENSITIVE);
  private static final Pattern NAMING = Pattern.compile("\\W*(?:grant|revoke|comment)\\b", Pattern.CASE_INSENSITIVE);

  /** Throws an error with a line for each finding, if there is one. */
  static void requireNone(List<Finding> findings, String what) {
    if (!findings.isEmpty()) {
      throw new AssertionError("%d %s:%n%s".formatted(findings.size(), what,
          String.join(System.lineSeparator(), findings.stream().map(Finding::message).toList())));
    }
  }

  /** Returns the finding as a sentence, and what to do instead. */
  public String message() {
    String where = source.isEmpty() ? location : "%s (%s)".formatted(location, source);
    if (isComingBack()) {
      return "Module '%s' has left, and %s comes back in %s: %s. %s".formatted(owner, name, where, statement, remedy());
    }
    String who = module.map(m -> "Module '" + m + "'").orElse(kind == Kind.CATALOG ? "Everybody" : "Code of no module");
    return "%s %s %s, which module '%s' owns, in %s: %s. %s".formatted(who, verb(), name, owner, where, statement, remedy());
  }

  /** Returns {@code schema.table}; a function has parentheses, {@code users.touch()}, and a type that word behind its name. */
  public String table() {
    return name.toString();
  }

  /** Returns what is done, as a verb, third person. */
  public String verb() {
    boolean table = !name.isRoutine() && !name.isType();
    return isCall() ? "calls" : access == Access.WRITE && !table ? "changes" : access.verb();
  }

  /** Tells whether it is a function or procedure that is called; a grant and a comment only name it. */
  public boolean isCall() {
    return name.isRoutine() && access != Access.WRITE && !NAMING.matcher(statement).lookingAt() && !isGrant();
  }

  /** Tells whether it is a type that is touched, and no table. */
  public boolean isOfType() {
    return name.isType();
  }

  /** Tells whether a module touches its own table, which it may not do any more where it has left. */
  private boolean isComingBack() {
    return module.equals(Optional.of(owner));
  }

  private boolean isGrant() {
    return kind == Kind.CATALOG && location.contains("grants to ");
  }

  private boolean isForeignKey() {
    return access == Access.REFERENCE && (kind == Kind.CATALOG ? location.startsWith("foreign key ")
        : kind == Kind.MIGRATION && name.kind() == TableName.Kind.TABLE && FOREIGN_KEY.matcher(statement).find());
  }

  /** Returns what to do instead. */
  public String remedy() {
    if (isComingBack()) {
      return "Put this into the migrations of its service; those that were applied here before it left stay as they are.";
    }
    if (isOfType() && access == Access.REFERENCE) {
      return "Define a type of your own, or keep the value as a text.";
    } else if (isForeignKey()) {
      return "Keep the identifier without a foreign key, and check it through the interface of module '%s'.".formatted(owner);
    }
    return switch (kind) {
      case MIGRATION -> name.kind() != TableName.Kind.TABLE ? "Move this to the migrations of module '%s'.".formatted(owner) : "Move this to the migrations of module '%s', or keep a table of your own that its events feed.".formatted(owner);
      case CATALOG -> module.isEmpty() ? "Revoke it, and grant it to the role of module '%s' alone.".formatted(owner)
          : isGrant() ? "Revoke it, once nothing of module '%s' needs it.".formatted(module.get())
          : "Drop it, and keep a table of your own that the events of module '%s' feed.".formatted(owner);
      case MAPPING -> "Map a table of your own that the events of module '%s' feed, or keep only its identifier.".formatted(owner);
      case SQL -> access == Access.WRITE || isCall() ? "Let module '%s' do it, through its interface.".formatted(owner)
          : "Ask module '%s' through its interface, or keep a local copy that its events feed.".formatted(owner);
    };
  }
}
