package dev.banyan.move.rehearsal;

import dev.banyan.move.TwoServers;
import dev.banyan.move.database.Database;
import dev.banyan.move.database.DatabaseAddress;
import dev.banyan.move.database.TableName;
import dev.banyan.move.plan.ByteCount;
import dev.banyan.move.plan.Limits;
import dev.banyan.move.plan.Plan;
import dev.banyan.move.plan.SidePlan;
import dev.banyan.move.plan.TablePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** Two real databases with tables that a plan moves, and a look at what there is of a rehearsal on their servers. */
final class Stage implements AutoCloseable {

  /** So that a machine that is busy with something else is no reason to fail. */
  static final Limits WIDE = new Limits(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofHours(1), new ByteCount(1L << 40),
      Duration.ofSeconds(2), 20, 2, Optional.empty(), 1_000, 2, OptionalInt.empty(), Duration.ZERO);

  /** Whatever the catalog says but for what the server itself brings up to date. */
  private static final String CATALOG = """
      select c.relname from pg_class c where relnamespace = 'pg_catalog'::regnamespace and relkind = 'r' and not relisshared
        and relname not in ('pg_statistic', 'pg_statistic_ext_data') order by 1""";
  private static final String ENTRIES = """
      select coalesce(md5(string_agg(entry, ' ' order by entry)), '') from (
        select (to_jsonb(e) - '{relpages,reltuples,relallvisible,relallfrozen,relfrozenxid,relminmxid}'::text[])::text as entry from pg_catalog.%s e) e""";
  private static final String LEFT = """
      select 'database ' || datname from pg_database where datname ~ 'rehearsal'
      union all select 'slot ' || slot_name from pg_replication_slots where slot_name ~ 'rehearsal'
      union all select 'role ' || rolname from pg_roles where rolname ~ 'rehearsal' order by 1""";

  final Database monolith;
  final Database service;
  final Plan plan;

  private Stage(Plan plan) {
    this.plan = plan;
    this.monolith = new Database(plan.monolith().database());
    this.service = new Database(plan.service().database());
  }

  static Stage of(String module, Limits limits, String... tables) {
    List<TablePlan> plans = Arrays.stream(tables).map(name -> TableName.parse(name).orElseThrow())
        .map(table -> new TablePlan(table, table, Map.of(), Optional.empty(), 1)).toList();
    DatabaseAddress monolith = TwoServers.monolith(module);
    DatabaseAddress service = TwoServers.service(module);
    return new Stage(new Plan("plan.yml", module, new SidePlan(Optional.empty(), monolith), new SidePlan(Optional.empty(), service), plans,
        List.of(), limits));
  }

  Stage onMonolith(String sql) {
    monolith.jdbi().useHandle(handle -> handle.createScript(sql).execute());
    return this;
  }

  Stage onBoth(String sql) {
    service.jdbi().useHandle(handle -> handle.createScript(sql).execute());
    return onMonolith(sql);
  }

  RehearsalSettings settings(int rounds) {
    return new RehearsalSettings(plan.service().database(), Duration.ofMillis(1_500), OptionalDouble.empty(), rounds, Duration.ofMillis(300));
  }

  Path writePlan(Path directory) throws IOException {
    return Files.writeString(directory.resolve(plan.module() + ".yml"), """
        module: %s
        monolith: { database: %s }
        service: { database: %s }
        tables: [%s]
        limits: { max-pause: %dms }
        """.formatted(plan.module(), yaml(plan.monolith()), yaml(plan.service()),
        plan.tables().stream().map(table -> table.source().toString()).collect(Collectors.joining(", ")), plan.limits().maxPause().toMillis()));
  }

  private static String yaml(SidePlan side) {
    DatabaseAddress address = side.database();
    return "{ url: \"%s\", user: %s, password: %s }".formatted(address.url(), address.user(), address.password());
  }

  /** Returns what both servers have of rehearsals. */
  List<String> leftOver() {
    List<String> left = new ArrayList<>(rows(monolith, LEFT));
    left.addAll(rows(service, LEFT));
    return left;
  }

  /** Returns everything of both real databases: what their catalogs hold, and every row with who wrote it and where it lies. */
  List<String> everything() {
    List<String> all = new ArrayList<>();
    for (Database side : List.of(monolith, service)) {
      for (String table : rows(side, CATALOG)) {
        all.add(side + " " + table + " " + rows(side, ENTRIES.formatted(table)));
      }
      for (TablePlan table : plan.tables()) {
        all.add(side + " " + table.source() + " " + rows(side, "select format('%%s %%s %%s', xmin, ctid, t) from %s t order by 1"
            .formatted(table.source().sql())));
      }
      all.addAll(rows(side, "select format('%s %s', schemaname || sequencename, last_value) from pg_sequences order by 1"));
    }
    return all;
  }

  static List<String> rows(Database database, String query) {
    return database.jdbi().withHandle(handle -> handle.createQuery(query).mapTo(String.class).list());
  }

  @Override
  public void close() {
    monolith.close();
    service.close();
  }
}
