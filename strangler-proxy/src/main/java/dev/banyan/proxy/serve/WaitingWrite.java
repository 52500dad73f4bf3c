package dev.banyan.proxy.serve;

import dev.banyan.proxy.hold.ByteBudget;
import dev.banyan.proxy.hold.Gate;
import dev.banyan.proxy.hold.HeldWrite;
import dev.banyan.proxy.hold.Pass;
import dev.banyan.proxy.hold.Refusal;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A write that its gate keeps waiting. It ends in one way: sent, once it was let through and its body is here in full;
 * refused; or dropped, because its client has gone. Until it is sent no origin has got a byte of it.
 *
 * <p>The gate calls from any thread; everything here happens on the request's own event loop.
 */
final class WaitingWrite implements HeldWrite, HeldBody.Listener {

  /** What is done with a write that waits no longer. */
  interface Outcome {

    /** Sends the write on and calls {@code whenOver} when nothing of it is under way any more. */
    void send(HttpServerRequest request, Optional<Buffer> body, Pass pass, Runnable whenOver);

    /** Answers that the write was not sent. */
    void refuse(HttpServerRequest request, Refusal refusal);
  }

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final Gate gate;
  private final Outcome outcome;
  private final Context context;
  private final HeldBody body;
  private long timer = -1;
  private @Nullable Pass pass;
  private boolean over;

  WaitingWrite(Vertx vertx, HttpServerRequest request, Gate gate, ByteBudget budget, Outcome outcome) {
    this.vertx = vertx;
    this.request = request;
    this.gate = gate;
    this.outcome = outcome;
    this.context = vertx.getOrCreateContext();
    this.body = new HeldBody(request, budget, this);
  }

  /** Begins to wait; the gate has it already. */
  void begin() {
    timer = vertx.setTimer(Math.max(1, gate.state().maxHold().toMillis()), id -> timeIsOver());
    request.response().closeHandler(hangUp -> drop());
    body.begin();
  }

  @Override
  public void pass(Pass leave) {
    context.runOnContext(released -> {
      vertx.cancelTimer(timer);
      if (over || request.response().closed()) {
        leave.finished();
        drop();
      } else {
        pass = leave;
        sendIfReady();
      }
    });
  }

  @Override
  public void refuse(Refusal refusal) {
    context.runOnContext(released -> refuseUnlessOver(refusal));
  }

  @Override
  public void complete() {
    sendIfReady();
  }

  @Override
  public void tooLarge() {
    gate.withdraw(this);
    refuseUnlessOver(Refusal.BODY_TOO_LARGE);
  }

  private void timeIsOver() {
    if (gate.withdraw(this)) {
      refuseUnlessOver(Refusal.HELD_TOO_LONG);
    }
  }

  private void sendIfReady() {
    Pass leave = pass;
    if (leave == null) {
      return;
    }
    if (body.isComplete()) {
      over = true;
      outcome.send(request, body.kept(), leave, body::end);
    } else if (Headers.isWaitingToContinue(request.headers())) {
      request.response().writeContinue();
    }
  }

  private void refuseUnlessOver(Refusal refusal) {
    if (end()) {
      outcome.refuse(request, refusal);
    }
  }

  private void drop() {
    gate.withdraw(this);
    end();
  }

  /** Ends it unsent; answers whether it was not over before. */
  private boolean end() {
    if (over) {
      return false;
    }
    over = true;
    vertx.cancelTimer(timer);
    body.end();
    Pass leave = pass;
    if (leave != null) {
      leave.finished();
    }
    return true;
  }
}
