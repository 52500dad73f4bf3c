package dev.banyan.bench.mover;

import dev.banyan.bench.race.Race;
import dev.banyan.bench.race.Report;
import dev.banyan.move.database.DatabaseAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How fast tables are copied. */
final class CopyRaces {

  private final Servers servers;
  private final Race race;
  private final Report report;
  private final double scale;
  private final AtomicInteger serial = new AtomicInteger();

  CopyRaces(Servers servers, Race race, Report report, double scale) {
    this.servers = servers;
    this.race = race;
    this.report = report;
    this.scale = scale;
  }

  void oneTable() throws Exception {
    oneTable("copy, rows of 240 bytes", (int) (1_000_000 * scale), """
        create table s.t (id bigint primary key, a int, b timestamptz, c uuid, d text)""", """
        insert into s.t select i, i %% 1000, now(), gen_random_uuid(), repeat(md5(i::text), 6) from generate_series(1, %d) i""");
    // Values that do not compress, outside the row.
    oneTable("copy, rows of 20 kB", (int) (100_000 * scale), """
        create table s.t (id bigint primary key, big bytea)""", """
        insert into s.t select i, (select decode(string_agg(md5(i::text || j), ''), 'hex') from generate_series(1, 1250) j)
        from generate_series(1, %d) i""");
  }

  private void oneTable(String name, int rows, String create, String fill) throws Exception {
    if (!Programs.isThere("psql")) {
      report.skip(name, "there is no psql");
      return;
    }
    Pair pair = pair("create schema s; " + create);
    Servers.execute(pair.source(), fill.formatted(rows) + "; vacuum analyze s.t");
    race.atLeast(name, "rows/s", 1.1, () -> rows / moved(pair, List.of("s.t")), "psql COPY binary | psql COPY binary",
        () -> rows / piped(pair));
  }

  void manyTables() throws Exception {
    String name = "copy of 20 tables";
    if (!Programs.isThere("pgcopydb")) {
      report.skip(name, "there is no pgcopydb");
      return;
    }
    int rows = (int) (100_000 * scale);
    List<String> tables = IntStream.range(0, 20).mapToObj("s.t%d"::formatted).toList();
    StringBuilder create = new StringBuilder("create schema s; ");
    tables.forEach(table -> create.append("create table %s (id bigint primary key, a int, b timestamptz, c uuid, d text); ".formatted(table)));
    Pair pair = pair(create.toString());
    for (String table : tables) {
      Servers.execute(pair.source(), "insert into %s select i, i, now(), gen_random_uuid(), repeat(md5(i::text), 6) from generate_series(1, %d) i; vacuum analyze %s"
          .formatted(table, rows, table));
    }
    race.atLeast(name, "rows/s", 1.0, () -> rows * 20.0 / moved(pair, tables), "pgcopydb copy table-data, 4 jobs",
        () -> rows * 20.0 / pgcopydb(pair, tables));
  }

  private record Pair(DatabaseAddress source, DatabaseAddress target) {}

  private Pair pair(String create) {
    String name = "copy" + serial.incrementAndGet();
    Pair pair = new Pair(servers.onSource(name), servers.onTarget(name));
    Servers.execute(pair.source(), create);
    Servers.execute(pair.target(), create);
    return pair;
  }

  private double moved(Pair pair, List<String> tables) throws InterruptedException, SQLException {
    try (var move = new BenchMove("copy" + serial.incrementAndGet(), pair.source(), pair.target(), tables)) {
      move.start().awaitInSync();
      double seconds = move.copySeconds();
      move.cancel();
      return seconds;
    }
  }

  private static double piped(Pair pair) throws Exception {
    long start = System.nanoTime();
    Programs.run("psql -qX '%s' -c 'copy s.t to stdout (format binary)' | psql -qX '%s' -c 'copy s.t from stdin (format binary)'"
        .formatted(Servers.uri(pair.source()), Servers.uri(pair.target())));
    double seconds = (System.nanoTime() - start) / 1e9;
    Servers.execute(pair.target(), "truncate s.t");
    return seconds;
  }

  private static double pgcopydb(Pair pair, List<String> tables) throws Exception {
    Path directory = Files.createTempDirectory("banyan-bench");
    try {
      // What our mover has made there is none of the tables to copy.
      Path filter = Files.writeString(directory.resolve("filter.ini"), "[exclude-schema]\nbanyan\n");
      long start = System.nanoTime();
      Programs.run("pgcopydb copy table-data --table-jobs 4 --filters '%s' --dir '%s' --source '%s' --target '%s' 2>'%s/log' || { grep -E 'ERROR|FATAL' '%s/log' | head -8 >&2; exit 1; }"
          
          .formatted(filter, directory.resolve("work"), Servers.uri(pair.source()), Servers.uri(pair.target()), directory, directory));
      return (System.nanoTime() - start) / 1e9;
    } finally {
      Servers.execute(pair.target(), "truncate " + String.join(", ", tables));
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
