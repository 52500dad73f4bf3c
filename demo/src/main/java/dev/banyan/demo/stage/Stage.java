package dev.banyan.demo.stage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that takes part in a move of the shop's users: two PostgreSQL servers, the monolith, the user service, the
 * proxy and the mover, as processes of their own. Closing it ends every process and removes every file.
 */
public final class Stage implements AutoCloseable {

  private static final Duration STARTED_WITHIN = Duration.ofSeconds(90);
  private static final Duration VERB_WITHIN = Duration.ofSeconds(120);
  private static final int DELETE_ATTEMPTS = 50;
  private static final Duration DELETE_PAUSE = Duration.ofMillis(100);
  // Short-lived processes on few cores: compile quickly rather than well.
  private static final List<String> QUICKLY = List.of("-XX:TieredStopAtLevel=1");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Logger LOG = LoggerFactory.getLogger(Stage.class);

  private final Checkout checkout = Checkout.find();
  private final Path folder;
  private final List<String> compiling;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final int monolithPort = freePort();
  private final int servicePort = freePort();
  private final int inventoryPort = freePort();
  private final int proxyPort = freePort();
  private final int dashboardPort = freePort();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Thread hook = new Thread(this::clear, "clear-stage");
  private final Server monolithServer;
  private final Server serviceServer;
  private final Map<String, String> everybody = new ConcurrentHashMap<>(Map.of(
      "SHOP_FEEDS_TOKENS_ORDERS", UUID.randomUUID().toString(), "SHOP_FEEDS_TOKENS_REPORTING", UUID.randomUUID().toString()));
  private volatile @Nullable ChildProcess monolith;
  private volatile @Nullable ChildProcess service;
  private volatile @Nullable ChildProcess inventory;
  private boolean cleared;

  private Stage(Path folder, List<String> compiling) throws IOException, SQLException {
    this.folder = folder;
    this.compiling = compiling;
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      this.monolithServer = keep(Server.start(folder, "monolith-db", "logical"));
      this.serviceServer = keep(Server.start(folder, "service-db", "logical"));
      monolithServer.prepare("shop", "shop");
      serviceServer.prepare("users", "users");
    } catch (IOException | SQLException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Starts the two servers with an empty database each; they end with this process, if not before. */
  public static Stage set() throws IOException, SQLException {
    return new Stage(Files.createTempDirectory("banyan-"), QUICKLY);
  }

  /** The same, with shop, service, proxy and mover compiled for a long run, as they are where they serve for days. */
  public static Stage setForLong() throws IOException, SQLException {
    return new Stage(Files.createTempDirectory("banyan-"), List.of());
  }

  /** Gives every process that is started from now on more in its environment. */
  public void give(Map<String, String> environment) {
    everybody.putAll(environment);
  }

  /** Starts monolith, service and proxy, and waits until they answer. */
  public void startShop() throws IOException, InterruptedException {
    startMonolith();
    startService();
    startProxy();
    awaitHealth(monolithPort, "/actuator/health", "monolith");
    awaitHealth(servicePort, "/actuator/health", "service");
    awaitHealth(dashboardPort, "/health", "proxy");
  }

  /**
   * Starts, in place of the shop and its user service, two processes of another part; and the proxy. They are told
   * {@code --port}, {@code --database} and {@code --user}, and answer at {@code /health}.
   */
  public void startInPlaceOfShop(String part, String command) throws IOException, InterruptedException {
    monolith = keep(java(compiling, "monolith", part, Map.of(), plain(command, monolithPort, monolithServer.url("shop"), "shop")));
    service = keep(java(compiling, "service", part, Map.of(), plain(command, servicePort, serviceServer.url("users"), "users")));
    startProxy();
    awaitHealth(monolithPort, "/health", "monolith");
    awaitHealth(servicePort, "/health", "service");
    awaitHealth(dashboardPort, "/health", "proxy");
  }

  private static List<String> plain(String command, int port, String database, String user) {
    return List.of(command, "--port", Integer.toString(port), "--database", database, "--user", user);
  }

  /** Starts the monolith. */
  public ChildProcess startMonolith() throws IOException {
    return startMonolith(Map.of());
  }

  /** The same, with more in its environment. */
  public ChildProcess startMonolith(Map<String, String> more) throws IOException {
    Map<String, String> environment = new HashMap<>(application(monolithServer.url("shop"), "shop", monolithPort));
    environment.putAll(more);
    monolith = keep(java(compiling, "monolith", "monolith-app", environment, List.of()));
    return monolith;
  }

  /** Creates the inventory's own database, beside the users'. */
  public void prepareInventory() throws SQLException {
    serviceServer.add("inventory", "inventory");
  }

  /** Starts the monolith's jar with nothing but the inventory, on the inventory's own database, and waits until it answers. */
  public void startInventory() throws IOException, InterruptedException {
    inventory = keep(java(compiling, "inventory", "monolith-app",
        application(serviceServer.url("inventory"), "inventory", inventoryPort), List.of("--shop.modules=inventory")));
    awaitHealth(inventoryPort, "/actuator/health", "inventory");
  }

  /** Waits until the user service answers. */
  public void awaitService() throws InterruptedException {
    awaitHealth(servicePort, "/actuator/health", "service");
  }

  /** Waits until the monolith answers. */
  public void awaitMonolith() throws InterruptedException {
    awaitHealth(monolithPort, "/actuator/health", "monolith");
  }

  /** Starts the user service. */
  public ChildProcess startService() throws IOException {
    service = keep(java(compiling, "service", "extracted-user-service", application(serviceServer.url("users"), "users", servicePort), List.of()));
    return service;
  }

  /** Kills the user service that was started last, as {@code kill -9} does. */
  public void killService() throws InterruptedException {
    kill(service);
  }

  /** Kills the monolith that was started last. */
  public void killMonolith() throws InterruptedException {
    kill(monolith);
  }

  /** Makes the user service stand still with all of its connections open, as one that is out of memory or overloaded. */
  public void suspendService() throws IOException, InterruptedException {
    signal(service, "STOP");
  }

  /** Lets the user service go on. */
  public void resumeService() throws IOException, InterruptedException {
    signal(service, "CONT");
  }

  private static void signal(@Nullable ChildProcess process, String signal) throws IOException, InterruptedException {
    if (process == null) {
      throw new IllegalStateException("What was not started cannot be stopped");
    }
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.handle().pid())).start().waitFor();
  }

  /** Kills the inventory that was started last. */
  public void killInventory() throws InterruptedException {
    kill(inventory);
  }

  private static void kill(@Nullable ChildProcess process) throws InterruptedException {
    if (process == null) {
      throw new IllegalStateException("What was not started cannot be killed");
    }
    process.kill();
  }

  private static Map<String, String> application(String url, String user, int port) {
    return Map.of("SPRING_DATASOURCE_URL", url, "SPRING_DATASOURCE_USERNAME", user, "SPRING_DATASOURCE_PASSWORD", user,
        "SERVER_PORT", Integer.toString(port), "SERVER_ADDRESS", "127.0.0.1");
  }

  /** Starts the proxy. */
  public ChildProcess startProxy() throws IOException {
    return keep(java(compiling, "proxy", "strangler-proxy", Map.of("BANYAN_CONTROL_PASSWORD", "banyan"), List.of(
        "--port", Integer.toString(proxyPort), "--admin-port", Integer.toString(dashboardPort),
        "--monolith", monolithUrl().toString(), "--control-url", monolithServer.url("shop"), "--control-user", "banyan")));
  }

  /** Starts the mover of a plan. */
  public ChildProcess startMover(Path plan) throws IOException {
    String name = plan.endsWith("inventory.yml") ? "mover-of-inventory" : "mover";
    return keep(java(compiling, name, "migration-scripts", Map.of(), List.of("run", plan.toString())));
  }

  private ChildProcess java(List<String> options, String name, String part, Map<String, String> environment, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(options);
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx512m", "-jar", checkout.jar(part).toString()));
    command.addAll(arguments);
    Map<String, String> all = new HashMap<>(everybody);
    all.putAll(environment);
    return ChildProcess.start(name, folder, all, command);
  }

  /** What a verb answered. */
  public record Answer(int exitCode, JsonNode json) {}

  /** Runs a verb of the command line to its end. */
  public Answer verb(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.add("--json");
    try (ChildProcess process = java(QUICKLY, "verb-" + arguments[0], "migration-scripts", Map.of(), command)) {
      int exitCode = process.awaitEnd(VERB_WITHIN);
      String output = Files.readString(folder.resolve("verb-" + arguments[0] + ".log"));
      int brace = output.indexOf('{');
      return new Answer(exitCode, brace < 0 ? JSON.createObjectNode().put("error", output) : JSON.readTree(output.substring(brace)));
    }
  }

  /** Writes the plan of the shop's users and returns its file. */
  public Path writePlan() throws IOException {
    return writePlan("users", serviceUrl(), """
        tables: [users.account, users.address]
        routes:
          - path: /api/v1/users/**
          - { path: /api/v1/users/search, methods: [POST], kind: read }
          - path: /api/v2/users/**
          - { path: /api/v2/users/search, methods: [POST], kind: read }
        """);
  }

  /** Writes the plan of the shop's inventory and returns its file. */
  public Path writeInventoryPlan() throws IOException {
    return writePlan("inventory", inventoryUrl(), """
        tables: [inventory.product, inventory.reservation, inventory.reservation_line]
        routes:
          - path: /api/v1/inventory/**
          - { path: /api/v1/inventory/products/search, methods: [POST], kind: read }
        """);
  }

  private Path writePlan(String module, URI service, String moves) throws IOException {
    return Files.writeString(folder.resolve(module + ".yml"), """
        module: %s
        monolith:
          url: %s
          database: { url: "%s", user: banyan, password: banyan }
        service:
          url: %s
          database: { url: "%s", user: banyan, password: banyan }
        %slimits: { quiet-for: 2s }
        """.formatted(module, monolithUrl(), monolithServer.url("shop"), service, serviceServer.url(module), moves));
  }

  /** Returns the monolith's database server. */
  public Server monolithServer() {
    return monolithServer;
  }

  /** Returns the service's database server. */
  public Server serviceServer() {
    return serviceServer;
  }

  /** Returns where the proxy listens. */
  public URI proxyUrl() {
    return local(proxyPort);
  }

  /** Returns where the proxy's dashboard is. */
  public URI dashboardUrl() {
    return local(dashboardPort);
  }

  /** Returns where the monolith listens. */
  public URI monolithUrl() {
    return local(monolithPort);
  }

  /** Returns where the service listens. */
  public URI serviceUrl() {
    return local(servicePort);
  }

  /** Returns where the inventory listens, if it runs for itself. */
  public URI inventoryUrl() {
    return local(inventoryPort);
  }

  /** Returns the folder that holds everything, plan and logs included. */
  public Path folder() {
    return folder;
  }

  private void awaitHealth(int port, String path, String name) throws InterruptedException {
    long deadline = System.nanoTime() + STARTED_WITHIN.toNanos();
    while (!answers(port, path)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("%s did not start within %s; see %s".formatted(name, STARTED_WITHIN, folder.resolve(name + ".log")));
      }
      Thread.sleep(100);
    }
  }

  private boolean answers(int port, String path) throws InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(local(port).resolve(path)).timeout(Duration.ofSeconds(2)).build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private static URI local(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private <T extends AutoCloseable> T keep(T part) {
    synchronized (open) {
      open.push(part);
      if (cleared) {
        clear();
        throw new IllegalStateException("The stage is cleared already");
      }
    }
    return part;
  }

  @Override
  public void close() {
    // Who was interrupted has to end what was started all the same, and that takes waiting.
    boolean interrupted = Thread.interrupted();
    clear();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending; the hook finds nothing to do.
    }
  }

  /** Ends what is open, the newest first; called by two threads, the second waits for the first. */
  private void clear() {
    synchronized (open) {
      cleared = true;
      while (!open.isEmpty()) {
        closeQuietly(open.pop());
      }
      for (int attempt = 0; attempt < DELETE_ATTEMPTS && Files.exists(folder); attempt++) {
        delete(folder);
      }
    }
  }

  private static void closeQuietly(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      System.err.println("While ending: " + e.getMessage());
    }
  }

  /** A process that was broken off may still write here; it gives up when it finds its files gone. */
  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("while removing {}: {}", folder, e.toString());
    }
    if (Files.exists(folder)) {
      LockSupport.parkNanos(DELETE_PAUSE.toNanos());
    }
  }
}
