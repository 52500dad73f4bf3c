package dev.banyan.proxy.serve;

import dev.banyan.proxy.hold.Admission;
import dev.banyan.proxy.hold.Gate;
import dev.banyan.proxy.hold.HeldWrite;
import dev.banyan.proxy.hold.Pass;
import dev.banyan.proxy.hold.Refusal;
import dev.banyan.proxy.hold.Switchboard;
import dev.banyan.proxy.hold.Switchboard.Position;
import dev.banyan.proxy.route.Access;
import dev.banyan.proxy.route.ModuleState;
import dev.banyan.proxy.route.Origin;
import dev.banyan.proxy.route.RequestPath;
import dev.banyan.proxy.route.RouteTable.Match;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Decides where each request goes. Reads are spread anew with each request, evenly over all clients; writes go to the
 * owner, through their module's gate. Without any knowledge of the routes every request is refused: its module may be
 * with the service. Confined to one event loop.
 */
final class RoutingHandler implements Handler<HttpServerRequest> {

  private final Vertx vertx;
  private final Switchboard switchboard;
  private final Origin monolith;
  private final Forwarder forwarder;

  RoutingHandler(Vertx vertx, Switchboard switchboard, Origin monolith, Forwarder forwarder) {
    this.vertx = vertx;
    this.switchboard = switchboard;
    this.monolith = monolith;
    this.forwarder = forwarder;
  }

  @Override
  public void handle(HttpServerRequest request) {
    String raw = request.path();
    Optional<RequestPath> path = raw == null ? Optional.empty() : RequestPath.of(raw);
    if (path.isEmpty()) {
      Problem.badRequest("The path is malformed, or origins may understand it differently.").answer(request);
    } else if (!Headers.isFramed(request.headers())) {
      Problem.badRequest("The transfer encoding is not chunked.").answer(request);
    } else {
      route(request, path.get());
    }
  }

  private void route(HttpServerRequest request, RequestPath path) {
    Position position = switchboard.position().orElse(null);
    if (position == null) {
      Problem.unavailable("No routes are known yet: the control database has not answered.").answer(request);
      return;
    }
    String method = request.method().name();
    Optional<Match> match = position.match(path, method);
    if (match.map(Match::access).orElseGet(() -> Access.of(method)) == Access.READ) {
      read(request, match.map(m -> position.gate(m.module())));
    } else if (position.enter()) {
      write(request, match.map(m -> position.gate(m.module())), position);
    } else {
      route(request, path);
    }
  }

  private void read(HttpServerRequest request, Optional<Gate> gate) {
    int dice = ThreadLocalRandom.current().nextInt(100);
    Optional<Origin> origin = gate.isEmpty() ? Optional.of(monolith) : gate.get().state().readOrigin(monolith, dice);
    origin.ifPresentOrElse(o -> forwarder.forward(request, o, () -> {}), () -> nowhere(request));
  }

  private void write(HttpServerRequest request, Optional<Gate> gate, Position position) {
    if (gate.isEmpty()) {
      forwarder.forward(request, monolith, position::leave);
      return;
    }
    var waiting = new WaitingWrite(request, gate.get());
    Admission admission = gate.get().admit(waiting);
    if (admission instanceof Admission.Passed passed) {
      pass(request, passed.pass(), position::leave);
      return;
    }
    // From here on only the gate counts it: a hold waits for those in flight, not for those it keeps waiting itself.
    position.leave();
    if (admission instanceof Admission.Refused refused) {
      refuse(request, refused.refusal());
    } else {
      waiting.begin();
    }
  }

  private void pass(HttpServerRequest request, Pass pass, Runnable whenOver) {
    Runnable finish = () -> {
      pass.finished();
      whenOver.run();
    };
    Optional<Origin> owner = pass.state().ownerOrigin(monolith);
    if (owner.isPresent()) {
      forwarder.forward(request, owner.get(), finish);
    } else {
      nowhere(request);
      finish.run();
    }
  }

  private static void refuse(HttpServerRequest request, Refusal refusal) {
    Problem.unavailable("The write %s. It was not sent anywhere; try again.".formatted(refusal.reason())).answer(request);
  }

  private static void nowhere(HttpServerRequest request) {
    Problem.unavailable("The module is with its service, and nobody has said where that listens.").answer(request);
  }

  /**
   * A write that its gate keeps waiting: its body stays in the client's connection, which is not read meanwhile. The
   * gate calls from any thread; everything here happens on the request's own event loop.
   */
  private final class WaitingWrite implements HeldWrite {

    private final HttpServerRequest request;
    private final Gate gate;
    private final Context context = vertx.getOrCreateContext();
    private long timer = -1;

    private WaitingWrite(HttpServerRequest request, Gate gate) {
      this.request = request;
      this.gate = gate;
    }

    private void begin() {
      request.pause();
      ModuleState state = gate.state();
      timer = vertx.setTimer(Math.max(1, state.maxHold().toMillis()), id -> timeIsOver());
      request.response().closeHandler(hangUp -> {
        if (gate.withdraw(this)) {
          vertx.cancelTimer(timer);
        }
      });
    }

    private void timeIsOver() {
      if (gate.withdraw(this)) {
        RoutingHandler.refuse(request, Refusal.HELD_TOO_LONG);
      }
    }

    @Override
    public void pass(Pass pass) {
      context.runOnContext(released -> {
        vertx.cancelTimer(timer);
        if (request.response().closed()) {
          pass.finished();
        } else {
          RoutingHandler.this.pass(request, pass, () -> {});
        }
      });
    }

    @Override
    public void refuse(Refusal refusal) {
      context.runOnContext(released -> {
        vertx.cancelTimer(timer);
        RoutingHandler.refuse(request, refusal);
      });
    }
  }
}
