package dev.banyan.move.verify;

import java.util.List;

/** Thrown where comparing what has changed would not prove that all rows are equal. */
public final class UnprovableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<ChangedSince> tables;

  UnprovableException(List<ChangedSince> tables) {
    super("What has changed since the certificate is not enough to prove " + tables);
    this.tables = tables;
  }

  /** Returns the tables of which this is said, with the reasons. */
  public List<ChangedSince> tables() {
    return tables;
  }
}
