package dev.banyan.proxy;

import dev.banyan.proxy.feed.ControlAddress;
import dev.banyan.proxy.route.ModuleState;
import dev.banyan.proxy.route.Origin;
import dev.banyan.proxy.route.StaticRoutes;
import dev.banyan.proxy.serve.ServeSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of the proxy. Exit codes: 0 stopped, 1 could not listen, 2 wrong settings. */
@Command(name = "strangler-proxy", mixinStandardHelpOptions = true, version = "0.1.0", showDefaultValues = true,
    sortOptions = false, usageHelpWidth = 110,
    description = "Sends each request to the monolith or to the service that owns its module, and holds a module's "
        + "writes while it is switched. The password of the control database is read from "
        + ProxyCommand.PASSWORD + ".")
final class ProxyCommand implements Callable<Integer> {

  static final String PASSWORD = "BANYAN_CONTROL_PASSWORD";

  private static final int WRONG = 2;

  @Option(names = "--port", paramLabel = "PORT", defaultValue = "8080", description = "port for clients; 0: any")
  int port;

  @Option(names = "--host", paramLabel = "HOST", defaultValue = "127.0.0.1", description = "address for clients")
  String host = "";

  @Option(names = "--monolith", paramLabel = "URL", description = "where everything goes that no module claims; needed")
  @Nullable String monolith;

  @Option(names = "--control-url", paramLabel = "JDBC-URL", description = "database with the control tables (the monolith's)")
  @Nullable String controlUrl;

  @Option(names = "--control-user", paramLabel = "USER", defaultValue = "banyan", description = "user in that database")
  String controlUser = "";

  @Option(names = "--routes", paramLabel = "FILE", description = "static routes, for modules that no control table names")
  @Nullable Path routes;

  @Option(names = "--id", description = "this proxy's name in the control tables; without it, a new one at each start")
  @Nullable String id;

  @Option(names = "--admin-port", paramLabel = "PORT", description = "port of dashboard, /health, /routes and /metrics; 0: any; without it: none")
  @Nullable Integer adminPort;

  @Option(names = "--admin-host", paramLabel = "HOST", defaultValue = "127.0.0.1", description = "address of the same")
  String adminHost = "";

  @Option(names = "--max-held", paramLabel = "N", defaultValue = "1000", description = "most writes that wait at a time, each for the plan's max-pause; a further one gets 503")
  int maxHeld;

  @Option(names = "--max-held-bytes", paramLabel = "BYTES", defaultValue = "67108864", description = "most bytes of their bodies; a write whose body does not fit gets 503")
  long maxHeldBytes;

  @Option(names = "--origin-connections", paramLabel = "N", defaultValue = "512", description = "most connections to one origin")
  int originConnections;

  @Option(names = "--origin-timeout", paramLabel = "SECONDS", defaultValue = "60", description = "longest silence of an origin during a request")
  int originTimeout;

  @Option(names = "--event-loops", paramLabel = "N", description = "threads that serve; without it, one for each processor")
  @Nullable Integer eventLoops;

  @Option(names = "--trust-forwarded", description = "keep X-Forwarded-* and Forwarded of clients; only behind a proxy of your own")
  boolean trustForwarded;

  @Spec
  @Nullable CommandSpec spec;

  private final List<String> problems = new ArrayList<>();
  private final Map<String, String> environment;

  ProxyCommand() {
    this(System.getenv());
  }

  ProxyCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    Optional<ProxySettings> settings = settings();
    if (settings.isEmpty()) {
      problems.forEach(this::complain);
      return WRONG;
    }
    return run(settings.get());
  }

  /** Reads the settings; if any is wrong, nothing is returned and {@link #problems} has them all. */
  Optional<ProxySettings> settings() {
    range("--port", port, 0, 65_535);
    range("--admin-port", adminPort == null ? 0 : adminPort, 0, 65_535);
    range("--max-held", maxHeld, 0, 1_000_000);
    range("--max-held-bytes", maxHeldBytes, 0, Runtime.getRuntime().maxMemory());
    range("--origin-connections", originConnections, 1, 100_000);
    range("--origin-timeout", originTimeout, 1, 86_400);
    int loops = eventLoops == null ? Runtime.getRuntime().availableProcessors() : eventLoops;
    range("--event-loops", loops, 1, 1_024);
    Optional<Origin> origin = origin();
    Optional<ControlAddress> control = control();
    List<ModuleState> modules = modules();
    if (!problems.isEmpty() || origin.isEmpty()) {
      return Optional.empty();
    }
    var serve = new ServeSettings(host, port, origin.get(), loops, originConnections, Duration.ofSeconds(originTimeout), trustForwarded);
    return Optional.of(new ProxySettings(id == null ? "proxy-" + UUID.randomUUID() : id, serve, maxHeld, maxHeldBytes, control,
        modules, adminHost, adminPort == null ? OptionalInt.empty() : OptionalInt.of(adminPort), environment));
  }

  List<String> problems() {
    return problems;
  }

  private void range(String option, long value, long least, long most) {
    if (value < least || value > most) {
      problems.add("%s %d: from %d to %d is possible".formatted(option, value, least, most));
    }
  }

  private Optional<Origin> origin() {
    String url = monolith;
    if (url == null) {
      problems.add("--monolith is missing: write --monolith http://host:port");
      return Optional.empty();
    }
    try {
      return Optional.of(Origin.parse(url));
    } catch (IllegalArgumentException e) {
      problems.add("--monolith: " + e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<ControlAddress> control() {
    String url = controlUrl;
    if (url == null) {
      return Optional.empty();
    }
    if (!url.startsWith("jdbc:postgresql:")) {
      problems.add("--control-url: write jdbc:postgresql://host:port/database");
    }
    String password = environment.get(PASSWORD);
    if (password == null) {
      problems.add("--control-url needs a password: set environment variable " + PASSWORD + " (empty where none is asked for)");
    }
    return Optional.of(new ControlAddress(url, controlUser, password == null ? "" : password));
  }

  private List<ModuleState> modules() {
    Path file = routes;
    if (file == null) {
      return List.of();
    }
    try {
      return StaticRoutes.load(file);
    } catch (IllegalArgumentException e) {
      String.valueOf(e.getMessage()).lines().forEach(problems::add);
      return List.of();
    }
  }

  private int run(ProxySettings settings) throws InterruptedException {
    StranglerProxy proxy;
    try {
      proxy = StranglerProxy.start(settings);
    } catch (IllegalStateException e) {
      complain(String.valueOf(e.getMessage()));
      return 1;
    }
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      proxy.close();
      stopped.countDown();
    }, "shutdown"));
    announce(settings, proxy);
    stopped.await();
    return 0;
  }

  private void announce(ProxySettings settings, StranglerProxy proxy) {
    var out = commandLine().getOut();
    out.printf("Proxy '%s' listens on http://%s:%d, monolith %s%n", settings.id(), settings.serve().host(), proxy.port(),
        settings.serve().monolith());
    proxy.adminPort().ifPresent(at -> out.printf("Dashboard: http://%s:%d/%n", settings.adminHost(), at));
    settings.control().ifPresent(control -> out.printf("Routes follow the control tables, %s%n", control));
    out.flush();
  }

  private void complain(String problem) {
    commandLine().getErr().println(problem);
    commandLine().getErr().flush();
  }

  private CommandLine commandLine() {
    CommandSpec known = spec;
    if (known == null) {
      throw new IllegalStateException("Not run from a command line");
    }
    return known.commandLine();
  }
}
