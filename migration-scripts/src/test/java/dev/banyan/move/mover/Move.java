package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.control.Extraction;
import dev.banyan.control.Intents;
import dev.banyan.control.Intents.Intent;
import dev.banyan.control.Intents.Kind;
import dev.banyan.control.JournalRecord;
import dev.banyan.control.Phase;
import dev.banyan.control.client.Owner;
import dev.banyan.move.Relay;
import dev.banyan.move.TwoServers;
import dev.banyan.move.cutover.protocol.StepGate;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.DatabaseAddress;
import dev.banyan.move.database.TableName;
import dev.banyan.move.plan.Limit;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.plan.Plan;
import dev.banyan.move.plan.SidePlan;
import dev.banyan.move.plan.TablePlan;
import dev.banyan.move.plan.TestLimits;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A move between two databases of its own, with a mover that can be started and stopped. */
final class Move implements AutoCloseable {

  // What fails says so at once; this is for what takes long, ten million rows for instance.
  private static final Duration WITHIN = Duration.ofMinutes(5);
  private static final String DROP_SLOTS = """
      select pg_drop_replication_slot(slot_name)::text from pg_replication_slots where database = current_database()""";

  private static final String CUT = """
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and (split_part(application_name, ':', 1) = 'banyan' or backend_type = 'walsender')""";

  final List<String> said = new CopyOnWriteArrayList<>();
  /** The test's own connections, which none that is cut belongs to. */
  final Workspace space;
  private final Workspace movers;
  private final Map<Owner, Relay> relays;
  private StepGate gate = StepGate.OPEN;
  private @Nullable Thread mover;
  volatile @Nullable Throwable failure;

  private Move(Plan plan, Plan movers, Map<Owner, Relay> relays) {
    this.space = new Workspace(new Plan(plan.file(), plan.module(), watching(plan.monolith()), watching(plan.service()), plan.tables(),
        plan.routes(), plan.limits()));
    this.movers = new Workspace(movers);
    this.relays = relays;
  }

  private static SidePlan watching(SidePlan side) {
    DatabaseAddress address = side.database();
    return new SidePlan(side.url(), new DatabaseAddress(address.url() + "?ApplicationName=test", address.user(), address.password()));
  }

  static Move of(String module, String... tables) {
    return of(module, TestLimits.defaultsBut(Limit.QUIET_FOR, "0s"), Arrays.stream(tables).map(Move::table).toList());
  }

  static TablePlan table(String name) {
    TableName table = TableName.parse(name).orElseThrow();
    return new TablePlan(table, table, Map.of(), Optional.empty(), 1);
  }

  static Move of(String module, Limits limits, List<TablePlan> tables) {
    DatabaseAddress monolith = TwoServers.monolith(module);
    DatabaseAddress service = TwoServers.service(module);
    return of(plan(module, limits, tables, monolith, service));
  }

  /** A move whose mover reaches either server by a way that can be lost. */
  static Move relayed(String module, Limits limits, List<TablePlan> tables) {
    DatabaseAddress monolith = TwoServers.monolith(module);
    DatabaseAddress service = TwoServers.service(module);
    Map<Owner, Relay> relays = Map.of(Owner.MONOLITH, Relay.to(port(monolith)), Owner.SERVICE, Relay.to(port(service)));
    return new Move(plan(module, limits, tables, monolith, service),
        plan(module, limits, tables, through(relays.get(Owner.MONOLITH), monolith), through(relays.get(Owner.SERVICE), service)), relays);
  }

  /** A move whose mover logs in as another role than this test. */
  static Move by(String role, String module, Limits limits, List<TablePlan> tables) {
    DatabaseAddress monolith = TwoServers.monolith(module);
    DatabaseAddress service = TwoServers.service(module);
    return new Move(plan(module, limits, tables, monolith, service),
        plan(module, limits, tables, as(role, monolith), as(role, service)), Map.of());
  }

  private static DatabaseAddress as(String role, DatabaseAddress address) {
    return new DatabaseAddress(address.url(), role, role);
  }

  private static Plan plan(String module, Limits limits, List<TablePlan> tables, DatabaseAddress monolith, DatabaseAddress service) {
    return new Plan("plan.yml", module, new SidePlan(Optional.empty(), monolith), new SidePlan(Optional.empty(), service),
        tables, List.of(), limits);
  }

  private static int port(DatabaseAddress address) {
    return URI.create(address.url().substring("jdbc:".length())).getPort();
  }

  private static DatabaseAddress through(Relay relay, DatabaseAddress address) {
    return new DatabaseAddress(address.url().replace(":" + port(address) + "/", ":" + relay.port() + "/"), address.user(), address.password());
  }

  Relay relay(Owner side) {
    return relays.get(side);
  }

  static Move of(Plan plan) {
    return new Move(plan, plan, Map.of());
  }

  Move onMonolith(String sql) {
    space.monolith().jdbi().useHandle(handle -> handle.createScript(sql).execute());
    return this;
  }

  Move onService(String sql) {
    space.service().jdbi().useHandle(handle -> handle.createScript(sql).execute());
    return this;
  }

  /** As nothing should: what the fence lets through is the applier's. */
  Move pastTheFence(String sql) {
    return onService("set session_replication_role = replica; " + sql + "; reset session_replication_role");
  }

  Move onBoth(String sql) {
    return onMonolith(sql).onService(sql);
  }

  /** Every switch passes this gate from the next start on. */
  Move gated(StepGate through) {
    gate = through;
    return this;
  }

  /** Writes the plan that the mover has, for one in another process. */
  Path writePlan(Path directory) throws IOException {
    return Files.writeString(directory.resolve(space.module() + ".yml"), """
        module: %s
        monolith: { database: %s }
        service: { database: %s }
        tables: [%s]
        """.formatted(space.module(), yaml(movers.monolith().address()), yaml(movers.service().address()),
        movers.plan().tables().stream().map(table -> table.source().toString()).collect(Collectors.joining(", "))));
  }

  private static String yaml(DatabaseAddress address) {
    return "{ url: \"%s\", user: %s, password: %s }".formatted(address.url(), address.user(), address.password());
  }

  Move start() {
    failure = null;
    Thread thread = new Thread(() -> {
      try {
        new Mover(movers, said::add, gate).run();
      } catch (InterruptedException e) {
        said.add("stopped");
      } catch (RuntimeException | Error e) {
        failure = e;
      }
    }, "mover-" + space.module());
    mover = thread;
    thread.start();
    return this;
  }

  Move startUnlessRunning() {
    Thread running = mover;
    return running != null && running.isAlive() ? this : start();
  }

  /** Fails where the mover has ended by a failure; one that waits is as good as one that streams. */
  void requireRunning() {
    if (failure != null) {
      throw new AssertionError("the mover has failed; it said " + said, failure);
    }
  }

  /** Fails where the mover has, or waits for somebody. */
  void requireWell() {
    if (failure != null || said.stream().anyMatch(sentence -> sentence.startsWith("Halted"))) {
      throw new AssertionError("the mover has failed; it said " + said, failure);
    }
  }

  /** Cuts all connections of the mover to a server; not those of this test's own customers. */
  void cut(Database database) {
    database.jdbi().useHandle(handle -> handle.createQuery(CUT).mapTo(Boolean.class).list());
  }

  Move stop() throws InterruptedException {
    Thread running = mover;
    if (running != null) {
      running.interrupt();
      running.join(30_000);
    }
    return this;
  }

  Extraction awaitPhase(Phase phase) {
    await("phase " + phase).atMost(WITHIN).pollInterval(Duration.ofMillis(20)).until(() -> {
      requireWell();
      return space.control().isInstalled() && space.control().find(space.module()).filter(e -> e.phase() == phase).isPresent();
    });
    return space.control().get(space.module());
  }

  Intent ask(Kind kind, Map<String, ?> argument) {
    long id = space.intents().request(space.module(), kind, argument, "test").orElseThrow();
    await(kind + " to end").atMost(WITHIN).pollInterval(Duration.ofMillis(20)).until(() -> {
      if (failure != null) {
        throw new AssertionError("the mover has failed; it said " + said, failure);
      }
      return space.intents().get(id).state().isEnded();
    });
    return space.intents().get(id);
  }

  /** Asks again where it was interrupted, or refused for what passes; fails where the mover does. */
  Intent awaitDone(Kind kind) {
    Intent[] last = new Intent[1];
    await(kind + " to be done").atMost(Duration.ofSeconds(180)).pollInterval(Duration.ofMillis(50)).until(() -> {
      requireWell();
      last[0] = ask(kind);
      return last[0].state() == Intents.State.DONE || last[0].outcome().containsKey("equal");
    });
    return last[0];
  }

  Intent ask(Kind kind) {
    return ask(kind, Map.of());
  }

  /** Both sides hold the same rows, some at least: the verification says so, and so does this test by itself. */
  void assertSame(String table, String key) {
    assertThat(awaitDone(Kind.VERIFY).outcome()).as("the mover said %s", said).containsEntry("equal", true);
    String rows = "select row(t.*)::text from %s t order by %s".formatted(table, key);
    assertThat(serviceRows(rows)).isEqualTo(monolithRows(rows)).isNotEmpty();
  }

  /** Returns the slots that the move has on both servers. */
  List<String> slots() {
    String query = "select slot_name from pg_replication_slots where slot_name like 'banyan_%s_%%'".formatted(space.module());
    List<String> slots = new ArrayList<>(monolithRows(query));
    slots.addAll(serviceRows(query));
    return slots;
  }

  /** Returns what the journal holds, the newest first. */
  List<String> events() {
    return space.control().journal(space.module(), 200).stream().map(JournalRecord::event).toList();
  }

  List<String> monolithRows(String query) {
    return space.monolith().jdbi().withHandle(handle -> handle.createQuery(query).mapTo(String.class).list());
  }

  List<String> serviceRows(String query) {
    return space.service().jdbi().withHandle(handle -> handle.createQuery(query).mapTo(String.class).list());
  }

  @Override
  public void close() throws InterruptedException {
    stop();
    // A server has room for so many; those who read them may not have gone yet.
    await("slots to be dropped").ignoreExceptions().until(() -> monolithRows(DROP_SLOTS).isEmpty() & serviceRows(DROP_SLOTS).isEmpty());
    movers.close();
    space.close();
    relays.values().forEach(Relay::close);
  }
}
