package dev.banyan.proxy.serve;

import dev.banyan.proxy.route.Origin;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyRequest;
import io.vertx.httpproxy.ProxyResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a request to an origin and the answer back; bodies stream through, with back-pressure both ways, unless
 * the request's was kept while it was held.
 *
 * <p>What cannot be delivered is answered with 503 if no origin got a byte of it, and with 502 or 504 if one may have.
 * A request is sent once. The one exception is a read by GET or HEAD without a body that met a connection which the
 * origin was just closing: it is sent once more; one that the origin was silent about is not. Confined to one event loop.
 */
final class Forwarder {

  private static final Logger log = LoggerFactory.getLogger(Forwarder.class);
  private static final ClientSSLOptions TLS = new ClientSSLOptions().setHostnameVerificationAlgorithm("HTTPS");

  private final HttpClient client;
  private final Headers headers;
  private final Traffic traffic;
  private final Duration patience;
  private final Map<Origin, HttpProxy> webSockets = new HashMap<>();

  /** Creates what forwards; {@code patience} is after which silence the client closes a connection. */
  Forwarder(HttpClient client, Headers headers, Traffic traffic, Duration patience) {
    this.client = client;
    this.headers = headers;
    this.traffic = traffic;
    this.patience = patience;
  }

  /** Sends a read on. */
  void read(HttpServerRequest request, Origin origin) {
    forward(request, Optional.empty(), origin, isSafe(request.method()), () -> {});
  }

  /**
   * Sends a write on, by whichever method: a plan may say of a GET that it writes.
   *
   * @param body the body, if it has been read in full already
   * @param whenOver called once, when both ends of the exchange are over
   */
  void write(HttpServerRequest request, Optional<Buffer> body, Origin origin, Runnable whenOver) {
    forward(request, body, origin, false, whenOver);
  }

  private void forward(HttpServerRequest request, Optional<Buffer> body, Origin origin, boolean repeatable, Runnable whenOver) {
    traffic.sent(origin);
    if (request.canUpgradeToWebSocket()) {
      upgrade(request, origin, whenOver);
      return;
    }
    var exchange = new Exchange(request, whenOver);
    try {
      forward(exchange, request, body, origin, repeatable);
    } catch (RuntimeException e) {
      // A request that Vert.x itself cannot take on must not count for ever.
      log.debug("Not forwarded", e);
      Problem.badRequest("The request cannot be passed on.").answer(request);
      exchange.notSent();
    }
  }

  private void forward(Exchange exchange, HttpServerRequest request, Optional<Buffer> body, Origin origin, boolean repeatable) {
    boolean bodiless = Headers.isBodiless(request.headers());
    ProxyRequest proxied = ProxyRequest.reverseProxy(request);
    headers.forOrigin(request, proxied.headers());
    if (body.isPresent()) {
      proxied.setBody(Body.body(body.get()));
    } else if (bodiless) {
      proxied.setBody(null);
      request.resume();
    } else if (Headers.isWaitingToContinue(request.headers())) {
      request.response().writeContinue();
    }
    connect(exchange, proxied, origin, bodiless && repeatable);
  }

  private void connect(Exchange exchange, ProxyRequest proxied, Origin origin, boolean repeatable) {
    client.request(options(origin)).onComplete(
        upstream -> send(exchange, proxied, origin, upstream, repeatable),
        failure -> unreachable(exchange, origin, failure));
  }

  private void send(Exchange exchange, ProxyRequest proxied, Origin origin, HttpClientRequest upstream, boolean repeatable) {
    if (!exchange.hasClient()) {
      upstream.reset();
      exchange.notSent();
      return;
    }
    exchange.sentTo(upstream);
    long sentAt = System.nanoTime();
    // Failures arrive with the answer's future; without a handler Vert.x logs each of them as an error too.
    upstream.exceptionHandler(failure -> log.debug("{} broke off", origin, failure));
    attempt(() -> proxied.send(upstream)).onComplete(
        answer -> attempt(() -> answer(answer)).onFailure(failure -> failed(exchange, origin, upstream, failure)),
        closed -> {
          Throwable failure = named(closed, sentAt);
          if (repeatable && failure instanceof HttpClosedException && exchange.hasClient()) {
            exchange.startOver();
            connect(exchange, proxied, origin, false);
          } else {
            failed(exchange, origin, upstream, failure);
          }
        });
  }

  /** Of a connection that it has closed for its silence Vert.x tells the same as of one that the origin has closed. */
  private Throwable named(Throwable failure, long sentAt) {
    return failure instanceof HttpClosedException && System.nanoTime() - sentAt >= patience.toNanos()
        ? new TimeoutException("silent for " + patience) : failure;
  }

  private Future<Void> answer(ProxyResponse answer) {
    if (!Headers.isFramed(answer.headers())) {
      return Future.failedFuture("Its answer has a transfer encoding other than chunked");
    }
    headers.forClient(answer.headers());
    return answer.send();
  }

  private void unreachable(Exchange exchange, Origin origin, Throwable failure) {
    traffic.failed(origin);
    log.debug("{} cannot be reached", origin, failure);
    Problem.unavailable("%s cannot be reached. Nothing was sent there; try again.".formatted(origin))
        .answer(exchange.request());
    exchange.notSent();
  }

  private void failed(Exchange exchange, Origin origin, HttpClientRequest upstream, Throwable failure) {
    log.debug("{} failed to answer", origin, failure);
    // Whatever went wrong, nothing of it stays under way; a second reset does nothing.
    upstream.reset();
    if (!exchange.hasClient()) {
      return;
    }
    traffic.failed(origin);
    Problem problem = failure instanceof TimeoutException
        ? Problem.gatewayTimeout("%s did not answer in time. Whether it did what was asked is unknown.".formatted(origin))
        : Problem.badGateway("%s broke off before it answered. Whether it did what was asked is unknown.".formatted(origin));
    problem.answer(exchange.request());
  }

  /** What is thrown fails the future, so that there is one way for things to go wrong. */
  private static <T> Future<T> attempt(Supplier<Future<T>> step) {
    try {
      return step.get();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private void upgrade(HttpServerRequest request, Origin origin, Runnable whenOver) {
    request.response().closeHandler(close -> whenOver.run());
    webSockets.computeIfAbsent(origin, this::webSocketsOf).handle(request);
  }

  private HttpProxy webSocketsOf(Origin origin) {
    return HttpProxy.reverseProxy(client).origin(context -> context.client().request(options(origin)))
        .addInterceptor(new ProxyInterceptor() {
          @Override
          public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
            headers.dropOwn(context.request().headers());
            return context.sendRequest();
          }
        }, true);
  }

  private static RequestOptions options(Origin origin) {
    var options = new RequestOptions().setHost(origin.host()).setPort(origin.port()).setSsl(origin.secure());
    return origin.secure() ? options.setSslOptions(TLS) : options;
  }

  private static boolean isSafe(HttpMethod method) {
    return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
  }
}
