package dev.banyan.proxy.serve;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/** An answer of the proxy's own, as problem details (RFC 9457). */
record Problem(int status, String title, String detail, boolean repeatable) {

  /** A body this small is read to its end, so that the client can go on using its connection. */
  private static final long SMALL_BODY = 64 * 1024;

  private static final long LINGER_MILLIS = 5_000;

  static Problem badRequest(String detail) {
    return new Problem(400, "Bad Request", detail, false);
  }

  /** Nothing was sent to any origin. */
  static Problem unavailable(String detail) {
    return new Problem(503, "Service Unavailable", detail, true);
  }

  static Problem badGateway(String detail) {
    return new Problem(502, "Bad Gateway", detail, false);
  }

  static Problem gatewayTimeout(String detail) {
    return new Problem(504, "Gateway Timeout", detail, false);
  }

  /** Answers the request, if its client is still there and has no answer yet. */
  void answer(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    if (response.closed() || response.ended()) {
      return;
    }
    if (response.headWritten()) {
      response.reset();
      return;
    }
    boolean close = !hasSmallBody(request);
    write(response, close);
    if (close) {
      closeLater(request);
    }
    request.resume();
  }

  /**
   * What still comes is read and dropped until the client has closed: to close with bytes unread would reset the
   * connection, and take the answer away from a client that sends before it reads (RFC 9112, section 9.6).
   */
  private static void closeLater(HttpServerRequest request) {
    Context context = Vertx.currentContext();
    long timer = context.owner().setTimer(LINGER_MILLIS, id -> request.connection().close());
    request.connection().closeHandler(closed -> context.owner().cancelTimer(timer));
    request.handler(null);
  }

  private void write(HttpServerResponse response, boolean close) {
    response.setStatusCode(status).putHeader("content-type", "application/problem+json");
    if (repeatable) {
      response.putHeader("retry-after", "1");
    }
    if (close) {
      response.putHeader("connection", "close");
    }
    var body = new JsonObject().put("type", "about:blank").put("title", title).put("status", status).put("detail", detail);
    response.end(body.toBuffer());
  }

  private static boolean hasSmallBody(HttpServerRequest request) {
    if (request.isEnded()) {
      return true;
    }
    String length = request.getHeader("content-length");
    boolean known = length != null && length.length() < 10 && length.chars().allMatch(Character::isDigit);
    return known ? Long.parseLong(length) <= SMALL_BODY : length == null && request.getHeader("transfer-encoding") == null;
  }
}
