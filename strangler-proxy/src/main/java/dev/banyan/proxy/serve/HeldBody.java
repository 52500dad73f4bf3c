package dev.banyan.proxy.serve;

import dev.banyan.proxy.hold.ByteBudget;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * The body of a write that waits, read while it does: only a connection that is read tells that its client has gone, and
 * what is here in full can be sent without waiting for anybody. A declared length is taken out of the budget before
 * the first byte, one that is not declared as it grows. Confined to the request's event loop.
 */
final class HeldBody {

  /** What becomes of the body; the two end it, and not both are called. */
  interface Listener {

    /** The body is here in full. */
    void complete();

    /** The body does not fit into the budget; it is read no further. */
    void tooLarge();
  }

  private final HttpServerRequest request;
  private final ByteBudget budget;
  private final Listener listener;
  /** One for all parts: a body that comes in single bytes must not cost more than these. */
  private final Buffer kept = Buffer.buffer();
  private long taken;
  private boolean complete;
  private boolean over;

  HeldBody(HttpServerRequest request, ByteBudget budget, Listener listener) {
    this.request = request;
    this.budget = budget;
    this.listener = listener;
  }

  /** Begins to read; a request without a body stays as it is. */
  void begin() {
    request.pause();
    if (Headers.isBodiless(request.headers())) {
      complete = true;
    } else if (take(declared())) {
      request.handler(this::add).endHandler(end -> complete()).resume();
    } else {
      listener.tooLarge();
    }
  }

  boolean isComplete() {
    return complete;
  }

  /** Returns what was read; empty if there was nothing to read. */
  Optional<Buffer> kept() {
    return Headers.isBodiless(request.headers()) ? Optional.empty() : Optional.of(kept);
  }

  /** Gives back what was taken out of the budget; nothing is kept after that. */
  void end() {
    over = true;
    budget.giveBack(taken);
    taken = 0;
  }

  private void add(Buffer part) {
    if (over) {
      return;
    }
    if (take(kept.length() + part.length() - taken)) {
      kept.appendBuffer(part);
    } else {
      over = true;
      request.pause();
      listener.tooLarge();
    }
  }

  private void complete() {
    if (!over) {
      complete = true;
      listener.complete();
    }
  }

  private boolean take(long bytes) {
    if (bytes > 0) {
      if (!budget.take(bytes)) {
        return false;
      }
      taken += bytes;
    }
    return true;
  }

  /** A length that cannot be read is none: the server has refused such a request before. */
  private long declared() {
    String length = request.getHeader("content-length");
    return length != null && length.length() < 19 && length.chars().allMatch(Character::isDigit) ? Long.parseLong(length) : 0;
  }
}
