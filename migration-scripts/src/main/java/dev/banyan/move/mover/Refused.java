package dev.banyan.move.mover;

import dev.banyan.move.check.Finding;
import java.util.List;
import java.util.stream.Collectors;

/** Thrown where something is not done, for stated reasons; nothing has changed. */
public final class Refused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String headline;
  private final transient List<Finding> unmet;

  /** Creates the refusal with one reason. */
  public Refused(String message) {
    super(message);
    this.headline = message;
    this.unmet = List.of();
  }

  /** Creates the refusal with its unmet conditions. */
  public Refused(String message, List<Finding> unmet) {
    super(message + unmet.stream().map(finding -> "\n  " + finding).collect(Collectors.joining()));
    this.headline = message;
    this.unmet = List.copyOf(unmet);
  }

  /** Returns the message without the unmet conditions. */
  public String headline() {
    return headline;
  }

  /** Returns the unmet conditions; none where the message says it all. */
  public List<Finding> unmet() {
    return unmet;
  }
}
