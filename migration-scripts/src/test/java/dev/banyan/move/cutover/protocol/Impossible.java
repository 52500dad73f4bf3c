package dev.banyan.move.cutover.protocol;

import java.io.Serial;

/** What was tried has to wait for somebody else; nothing has changed. */
final class Impossible extends RuntimeException {

  @Serial
  private static final long serialVersionUID = 1L;

  Impossible(String reason) {
    super(reason, null, false, false);
  }
}
