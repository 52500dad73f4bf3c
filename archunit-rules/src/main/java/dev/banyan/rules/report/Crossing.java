package dev.banyan.rules.report;

import dev.banyan.rules.Finding;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What crosses the border of a module, what becomes of it when the module is taken out, and what that costs: in points, of
 * which reading a value through an interface is one. They order modules; they are no days.
 */
public enum Crossing {
  /** A statement that reads one table of another module. */
  READ("reads of another module's tables", 1, "ask the owner through its interface"),
  /** A statement that writes there. */
  WRITE("writes to another module's tables", 2, "let the owner do it, through its interface"),
  /** A statement over tables of several modules. */
  JOIN("joins over several modules' tables", 3, "keep a local copy that the owner's events feed, or build a read model"),
  /** An entity that is mapped to another module's table, or reaches its entity. */
  MAPPING("mappings to another module's tables", 2, "keep the identifier instead of the association"),
  /** A foreign key. */
  FOREIGN_KEY("foreign keys", 1, "drop it, and check in the interface"),
  /** A view. */
  VIEW("views", 3, "build a read model from the owner's events"),
  /** A trigger. */
  TRIGGER("triggers", 3, "have the owner publish an event instead"),
  /** A function, or a policy. */
  FUNCTION("functions and policies", 3, "move it into the code of the module that owns the tables"),
  /** A type: an enum, a domain, a composite. */
  TYPE("types of another module's schema", 1, "define a type of the module's own, or keep the value as a text"),
  /** A sequence that several modules use. */
  SEQUENCE("shared sequences", 1, "give each module a sequence of its own, or identifiers that need none"),
  /** Rights on another module's tables. */
  GRANT("grants", 1, "revoke it when the last statement is gone"),
  /** A transaction that touches tables of several modules. */
  TRANSACTION("transactions over several modules", 5, "commit in one module and let an event carry the rest, with a way to take it back");

  /** What a statement defines, by the word before its name: no table's name, and nothing that it holds. */
  private static final Pattern DEFINITION = Pattern.compile(
      "\\W*(?:create|alter|drop|comment on)(?:\\s+[\\w=@`%']+)*?\\s+(trigger|rule|view|function|procedure|policy)\\s");
  private static final Pattern GRANTS = Pattern.compile("\\W*(?:grant|revoke|alter default privileges)\\b");
  /** What looks after a table, or looks at what it is: {@code analyze}, {@code comment on}. */
  private static final Pattern MAINTENANCE = Pattern.compile("\\W*(?:analyze|comment)\\b");
  private static final Pattern TABLES = Pattern.compile("\\W*(?:create|alter)\\b");
  private static final Pattern SEQUENCES = Pattern.compile("\\b(?:nextval|currval|setval|next value for|sequence|\\w*sequencenext)\\b");

  private final String label;
  private final int effort;
  private final String remedy;

  Crossing(String label, int effort, String remedy) {
    this.label = label;
    this.effort = effort;
    this.remedy = remedy;
  }

  /** Returns what it is, in plural. */
  public String label() {
    return label;
  }

  /** Returns what one costs, in points. */
  public int effort() {
    return effort;
  }

  /** Returns what to do about it. */
  public String remedy() {
    return remedy;
  }

  /** Returns what a finding is; of a statement that reads, whether it touches more modules than one. */
  static Crossing of(Finding finding, boolean joined) {
    String words = (finding.kind() == Finding.Kind.CATALOG ? finding.location() : finding.statement()).toLowerCase(Locale.ROOT);
    return switch (finding.kind()) {
      case MAPPING -> MAPPING;
      case CATALOG -> ofObject(words);
      case MIGRATION, SQL -> ofStatement(words, finding, joined && finding.kind() == Finding.Kind.SQL);
    };
  }

  private static Crossing ofObject(String object) {
    return object.startsWith("foreign key") ? FOREIGN_KEY : object.contains("view ") ? VIEW
        : object.startsWith("trigger") || object.startsWith("rule") ? TRIGGER : object.startsWith("column") ? TYPE
        : object.startsWith("default of") ? SEQUENCE : object.startsWith("grants") || object.startsWith("default grants") ? GRANT : FUNCTION;
  }

  /** Code defines tables as well as migrations do, and so do scripts beside it. */
  private static Crossing ofStatement(String statement, Finding finding, boolean joined) {
    Matcher defined = DEFINITION.matcher(statement);
    if (defined.lookingAt()) {
      return switch (defined.group(1)) {
        case "trigger", "rule" -> TRIGGER;
        case "view" -> VIEW;
        default -> FUNCTION;
      };
    }
    if (finding.isCall()) {
      return FUNCTION;
    } else if (finding.isOfType() && !GRANTS.matcher(statement).lookingAt()) {
      return TYPE;
    }
    return switch (finding.access()) {
      case READ -> joined ? JOIN : READ;
      case WRITE -> WRITE;
      case REFERENCE -> ofReference(statement, finding);
    };
  }

  private static Crossing ofReference(String statement, Finding finding) {
    if (GRANTS.matcher(statement).lookingAt()) {
      return GRANT;
    }
    if (MAINTENANCE.matcher(statement).lookingAt()) {
      return READ;
    } else if (SEQUENCES.matcher(statement).find() && !isKey(statement, finding.table())) {
      return SEQUENCE;
    }
    return finding.kind() == Finding.Kind.SQL && !TABLES.matcher(statement).lookingAt() ? READ : FOREIGN_KEY;
  }

  private static boolean isKey(String statement, String table) {
    String name = table.substring(table.indexOf('.') + 1).toLowerCase(Locale.ROOT);
    return Pattern.compile("references[\\s=\\w.\"`]*\\b" + Pattern.quote(name) + "\\b").matcher(statement).find();
  }
}
