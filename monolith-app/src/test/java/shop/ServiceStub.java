package shop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands for the extracted service: answers what a test has prepared, and remembers what it was asked. */
public final class ServiceStub implements AutoCloseable {

  private static final Reply FAILURE = Reply.of(500, "{}");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final List<String> preconditions = new CopyOnWriteArrayList<>();
  private final ConcurrentLinkedQueue<Reply> replies = new ConcurrentLinkedQueue<>();
  private volatile CountDownLatch open = new CountDownLatch(0);
  private volatile Reply otherwise = FAILURE;

  private record Reply(int status, String type, String body) {

    static Reply of(int status, String json) {
      return new Reply(status, status < 400 ? "application/json" : "application/problem+json", json.replace('\'', '"'));
    }
  }

  /** Starts a stub on a free port of this machine. */
  public ServiceStub() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Returns where the stub listens. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Returns method and path of all requests so far. */
  public List<String> requests() {
    return requests;
  }

  /** Returns the bodies of all requests so far. */
  public List<String> bodies() {
    return bodies;
  }

  /** Returns what header If-Match has said, of those requests so far that had one. */
  public List<String> preconditions() {
    return preconditions;
  }

  /** Prepares the next answer; single quotes stand for double ones, and {@code <last>} for the end of the path that was asked for. */
  public ServiceStub willAnswer(int status, String json) {
    replies.add(Reply.of(status, json));
    return this;
  }

  /** Answers whatever nothing else was prepared for. */
  public ServiceStub willAnswerAlways(int status, String json) {
    otherwise = Reply.of(status, json);
    return this;
  }

  /** Prepares the answer of something else that listens here: a page. */
  public ServiceStub willShowAPage(int status) {
    replies.add(new Reply(status, "text/html", "<html>Welcome</html>"));
    return this;
  }

  /** Prepares a connection that ends without an answer. */
  public ServiceStub willHangUp() {
    replies.add(new Reply(0, "", ""));
    return this;
  }

  /** Keeps every request waiting until it is let go. */
  public void hold() {
    open = new CountDownLatch(1);
  }

  /** Answers what is waiting. */
  public void letGo() {
    open.countDown();
  }

  /** Forgets requests and prepared answers. */
  public void reset() {
    open.countDown();
    requests.clear();
    bodies.clear();
    preconditions.clear();
    replies.clear();
    otherwise = FAILURE;
  }

  @Override
  public void close() {
    open.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    Optional.ofNullable(exchange.getRequestHeaders().getFirst("If-Match")).ifPresent(preconditions::add);
    bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    awaitOpen();
    var reply = replies.poll();
    if (reply != null && reply.status() == 0) {
      exchange.close();
      return;
    }
    send(exchange, reply == null ? otherwise : reply);
  }

  private void awaitOpen() {
    try {
      open.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    var bytes = reply.body().replace("<last>", exchange.getRequestURI().getPath().replaceAll(".*/", "")).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", reply.type());
    exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
