package dev.banyan.proxy.serve;

import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way, with its two ends. It is over when both are: the client has its answer or has hung up, and
 * the origin has answered in full, failed, or had its connection cut. Confined to the request's event loop.
 */
final class Exchange {

  private final HttpServerRequest request;
  private final Runnable whenOver;
  private @Nullable HttpClientRequest upstream;
  private boolean clientOver;
  private boolean originOver;

  Exchange(HttpServerRequest request, Runnable whenOver) {
    this.request = request;
    this.whenOver = whenOver;
    HttpServerResponse response = request.response();
    response.endHandler(end -> clientOver());
    response.closeHandler(close -> hungUp());
    if (response.closed()) {
      clientOver();
    }
  }

  HttpServerRequest request() {
    return request;
  }

  boolean hasClient() {
    return !clientOver && !request.response().closed();
  }

  /** Follows the origin's end of the exchange from here on. */
  void sentTo(HttpClientRequest sent) {
    upstream = sent;
    sent.response().onComplete(
        answer -> answer.end().onComplete(end -> originOver(sent)),
        failure -> originOver(sent));
  }

  /** Tells that the request to the origin failed and another one follows. */
  void startOver() {
    upstream = null;
    originOver = false;
  }

  /** Tells that no origin has anything of this request, and none will. */
  void notSent() {
    upstream = null;
    originOver = true;
    checkOver();
  }

  private void originOver(HttpClientRequest sent) {
    if (upstream == sent) {
      originOver = true;
      checkOver();
    }
  }

  private void hungUp() {
    HttpClientRequest sent = upstream;
    if (sent != null && !originOver) {
      // Nobody waits for the answer; without this an origin that never ends would count for ever.
      sent.reset();
    }
    clientOver();
  }

  private void clientOver() {
    if (!clientOver) {
      clientOver = true;
      checkOver();
    }
  }

  private void checkOver() {
    if (clientOver && originOver) {
      whenOver.run();
    }
  }
}
