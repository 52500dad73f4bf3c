package dev.banyan.move.plan;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown for a plan that cannot be used; carries every problem that was found. */
public final class PlanException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /** Creates the exception for at least one problem. */
  public PlanException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** Returns every problem, in the order of the file. */
  public List<Problem> problems() {
    return problems;
  }
}
