package dev.banyan.proxy;

import static org.awaitility.Awaitility.await;

import dev.banyan.proxy.feed.ControlAddress;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A proxy in a process of its own, to be killed. */
final class ProxyProcess implements AutoCloseable {

  private static final Pattern URL = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)");

  private final String id;
  private final Process process;
  private final int port;
  private final int adminPort;

  private ProxyProcess(String id, Process process) throws IOException {
    this.id = id;
    this.process = process;
    BufferedReader said = process.inputReader();
    this.port = portIn(said, "listens on");
    this.adminPort = portIn(said, "Dashboard");
  }

  static ProxyProcess start(ControlAddress control, int monolithPort) throws IOException {
    String id = "killed-" + UUID.randomUUID();
    var builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), Main.class.getName(),
        "--port", "0", "--admin-port", "0", "--id", id, "--monolith", "http://127.0.0.1:" + monolithPort,
        "--control-url", control.url(), "--control-user", control.user()).redirectErrorStream(true);
    builder.environment().put(ProxyCommand.PASSWORD, control.password());
    return new ProxyProcess(id, builder.start());
  }

  private static int portIn(BufferedReader said, String what) throws IOException {
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      Matcher url = URL.matcher(line);
      if (line.contains(what) && url.find()) {
        return Integer.parseInt(url.group(1));
      }
    }
    throw new IllegalStateException("The proxy ended before it said '" + what + "'");
  }

  String id() {
    return id;
  }

  int port() {
    return port;
  }

  void awaitWaiting(int count) {
    await().until(() -> {
      var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/routes")).build();
      String routes = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
      return new JsonObject(routes).getJsonArray("modules").getJsonObject(0).getInteger("waiting") == count;
    });
  }

  /** As {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
