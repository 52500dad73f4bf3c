package dev.banyan.proxy.serve;

import dev.banyan.proxy.hold.Admission;
import dev.banyan.proxy.hold.ByteBudget;
import dev.banyan.proxy.hold.Gate;
import dev.banyan.proxy.hold.Pass;
import dev.banyan.proxy.hold.Refusal;
import dev.banyan.proxy.hold.Switchboard;
import dev.banyan.proxy.hold.Switchboard.Position;
import dev.banyan.proxy.route.Access;
import dev.banyan.proxy.route.Origin;
import dev.banyan.proxy.route.RequestPath;
import dev.banyan.proxy.route.RouteTable.Match;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
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
  private final ByteBudget heldBytes;
  private final Origin monolith;
  private final Forwarder forwarder;
  private final WaitingWrite.Outcome whenReleased = new WaitingWrite.Outcome() {
    @Override
    public void send(HttpServerRequest request, Optional<Buffer> body, Pass pass, Runnable whenOver) {
      RoutingHandler.this.pass(request, body, pass, whenOver);
    }

    @Override
    public void refuse(HttpServerRequest request, Refusal refusal) {
      RoutingHandler.refuse(request, refusal);
    }
  };

  RoutingHandler(Vertx vertx, Switchboard switchboard, ByteBudget heldBytes, Origin monolith, Forwarder forwarder) {
    this.vertx = vertx;
    this.switchboard = switchboard;
    this.heldBytes = heldBytes;
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
    origin.ifPresentOrElse(o -> forwarder.read(request, o), () -> nowhere(request));
  }

  private void write(HttpServerRequest request, Optional<Gate> gate, Position position) {
    if (gate.isEmpty()) {
      forwarder.write(request, Optional.empty(), monolith, position::leave);
      return;
    }
    var waiting = new WaitingWrite(vertx, request, gate.get(), heldBytes, whenReleased);
    Admission admission = gate.get().admit(waiting);
    if (admission instanceof Admission.Passed passed) {
      pass(request, Optional.empty(), passed.pass(), position::leave);
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

  private void pass(HttpServerRequest request, Optional<Buffer> body, Pass pass, Runnable whenOver) {
    Runnable finish = () -> {
      pass.finished();
      whenOver.run();
    };
    Optional<Origin> owner = pass.state().ownerOrigin(monolith);
    if (owner.isPresent()) {
      forwarder.write(request, body, owner.get(), finish);
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
}
