package dev.banyan.move.mover;

import dev.banyan.move.check.Finding;
import java.util.List;
import java.util.stream.Collectors;

/** Thrown where something is not done, for stated reasons; nothing has changed. */
public final class Refused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String headline;
  private final transient List<Finding> unmet;
  private final transient List<Finding> warnings;

  /** Creates the refusal with one reason. */
  public Refused(String message) {
    super(message);
    this.headline = message;
    this.unmet = List.of();
    this.warnings = List.of();
  }

  /** Creates the refusal with its unmet conditions. */
  public Refused(String message, List<Finding> unmet) {
    this(message, unmet, List.of());
  }

  /** Creates the refusal with its unmet conditions, and what would have been told although it keeps nobody from going on. */
  public Refused(String message, List<Finding> unmet, List<Finding> warnings) {
    super(message + lines("\n  ", unmet) + lines("\nNote: ", warnings));
    this.headline = message;
    this.unmet = List.copyOf(unmet);
    this.warnings = List.copyOf(warnings);
  }

  private static String lines(String before, List<Finding> findings) {
    return findings.stream().map(finding -> before + finding).collect(Collectors.joining());
  }

  /** Returns the message without the unmet conditions. */
  public String headline() {
    return headline;
  }

  /** Returns the unmet conditions; none where the message says it all. */
  public List<Finding> unmet() {
    return unmet;
  }

  /** Returns what does not keep anybody from going on; nothing where it was not asked for. */
  public List<Finding> warnings() {
    return warnings;
  }
}
