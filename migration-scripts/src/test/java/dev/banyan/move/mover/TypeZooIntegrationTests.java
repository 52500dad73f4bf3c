package dev.banyan.move.mover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.Intents.Kind;
import dev.banyan.control.Phase;
import dev.banyan.move.database.Sql;
import dev.banyan.move.plan.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Every type, one table each, with the values that are easily bent: copied, inserted, updated and deleted through the
 * stream, in both directions, and compared to the letter.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TypeZooIntegrationTests {

  static final String TYPES = """
      create schema z;
      create type z.mood as enum ('sad', 'ok', 'grün', 'it''s, "so"');
      create type z.pair as (n int, t text);
      create type z.nested as (p z.pair, moods z.mood[], at timestamptz);
      create domain z.email as text check (value like '%@%');
      create domain z.amounts as numeric(10,3)[];
      create type z.float_range as range (subtype = float8);
      create domain z."Größe" as z.email not null;
      """;

  static final Map<String, List<String>> VALUES = new TreeMap<>();

  private static void type(String type, String... values) {
    VALUES.put(type, List.of(values));
  }

  static {
    type("boolean", "true", "false");
    type("smallint", "-32768", "32767", "0");
    type("integer", "-2147483648", "2147483647");
    type("bigint", "-9223372036854775808", "9223372036854775807");
    type("real", "NaN", "Infinity", "-Infinity", "-0", "1.17549435e-38", "3.4028235e38", "0.1");
    type("double precision", "NaN", "Infinity", "-Infinity", "-0", "5e-324", "1.7976931348623157e308", "0.1");
    type("numeric", "NaN", "Infinity", "-Infinity", "1.500", "0.000", "-12345678901234567890.1234567890123456789", "1e-200", "1e300");
    type("numeric(12,4)", "1.5", "NaN", "-0.0001");
    type("numeric(5,-2)", "12300");
    type("money", "1234567.89", "-92233720368547758.08", "92233720368547758.07", "0", "-0.01");
    type("text", "", " ", "ünï 🌳 \u0001", "a\nb\tc\\d\r", "null", "NULL", "\\N", "x".repeat(3000), "مرحبا 中文");
    type("varchar(7)", "", "seven 7", "ünïcödé");
    type("char(5)", "a", "", "ünï");
    type("\"char\"", "a", "");
    type("name", "some_name", "ünï");
    type("bytea", "\\x", "\\x00", "\\x00ff5c27", "\\x" + "deadbeef".repeat(1000));
    type("date", "infinity", "-infinity", "0044-03-15 BC", "4713-01-01 BC", "5874897-12-31", "2024-02-29", "0001-01-01");
    type("time", "00:00", "24:00:00", "23:59:59.999999", "12:34:56.1");
    type("time(3)", "23:59:59.999");
    type("timestamp", "infinity", "-infinity", "2024-02-29 23:59:59.123456", "4713-01-01 00:00 BC", "0001-01-01 00:00 BC",
        "294276-12-31 23:59:59.999999", "12345-06-07 08:09:10.000001");
    type("timestamptz", "infinity", "-infinity", "2024-02-29 23:59:59.123456+05:30", "0001-01-01 00:00+00 BC",
        "1883-11-18 12:03:57-07:52:58", "294276-12-31 23:59:59.999999+00");
    type("interval", "0", "1 year 2 mons 3 days 04:05:06.789", "-1 mons +3 days -04:05:06.000001", "-00:00:00.5", "178000000 years",
        "1000000:00:00", "-1 year -1 day");
    type("interval[]", "{infinity,-infinity,1 mon,0}");
    type("uuid", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff");
    type("xml", "<a b=\"c\">d &amp; e</a>", "text <b/>", "<?xml version=\"1.0\"?><a>ü</a>");
    type("json", "{\"b\": 1.00,  \"a\" : null, \"a\": 2}", "[]", "1e400", "\"\\u00fc\"");
    type("jsonb", "{\"b\": 1.00, \"a\": null}", "[1.0, 1.00]", "\"x\"", "null");
    type("jsonpath", "$.a[*] ? (@.b > 1)");
    type("inet", "10.0.0.1/8", "::1", "192.168.1.1", "2001:db8::/32");
    type("cidr", "10.0.0.0/8", "2001:db8::/32");
    type("macaddr", "08:00:2b:01:02:03");
    type("macaddr8", "08:00:2b:01:02:03:04:05");
    type("bit(5)", "10101", "00000");
    type("bit varying", "", "101", "1".repeat(200));
    type("bit varying(9)", "101");
    type("tsvector", "'a':1A,2B 'b''c':3 '\u00fc'", "");
    type("tsquery", "'a' & !'b' <-> 'c':*A");
    type("pg_lsn", "0/0", "FFFFFFFF/FFFFFFFF");
    type("xid8", "18446744073709551615");
    type("pg_snapshot", "10:20:10,14,15");
    type("point", "(1.5,-2)", "(Infinity,NaN)", "(-0,1e-300)", "(0.1,0.30000000000000004)");
    type("line", "{1,-2,3.5}", "{0,1,0}");
    type("lseg", "[(0,0),(1,1e300)]");
    type("box", "(1,1),(-1,-2)");
    type("path", "[(0,0),(1,1),(2,0)]", "((0,0),(1,1),(2,0))");
    type("polygon", "((0,0),(1,1),(2,0))");
    type("circle", "<(1,2),3.25>");
    type("int4range", "empty", "[1,5)", "(,)", "[1,)");
    type("numrange", "[1.50,2.0)", "(,1.5]");
    type("tstzrange", "[\"2024-01-01 00:00:00+00\",infinity)", "[-infinity,infinity]");
    type("daterange", "[2024-01-01,2024-02-01)", "empty");
    type("z.float_range", "[1.5,Infinity]");
    type("int4multirange", "{}", "{[1,3),[5,9)}");
    type("tstzmultirange", "{[\"2024-01-01 00:00:00+00\",\"2024-01-02 00:00:00+00\"]}");
    type("text[]", "{}", "{a,NULL,\"NULL\",\"q\\\"u\\\\o,te\",\"\",\"{x}\",\" sp \"}", "{{a,b},{c,NULL}}", "[0:1]={a,b}", "[-1:0][3:4]={{a,b},{c,d}}");
    type("int[]", "{1,NULL,-2}", "{{{1,2},{3,4}},{{5,6},{7,8}}}");
    type("numeric[]", "{NaN,1.50,Infinity}");
    type("bytea[]", "{\"\\\\x00ff\",NULL}");
    type("timestamptz[]", "{infinity,\"0001-01-01 00:00:00+00 BC\"}");
    type("jsonb[]", "{\"{\\\"a\\\": \\\"b,c\\\"}\"}");
    type("timetz[]", "{12:00:00+02,24:00:00-15:59}");
    type("point[]", "{\"(1,2)\",\"(3,4)\"}");
    type("box[]", "{(1,1),(0,0);(3,3),(2,2)}");
    type("money[]", "{1234.50,-1.00}");
    type("z.mood", "sad", "grün", "it's, \"so\"");
    type("z.mood[]", "{sad,NULL,grün,\"it's, \\\"so\\\"\"}");
    type("z.pair", "(1,\"a,b\")", "(,)", "(,\"\")", "(2,\"q\"\"u\\\\o\")");
    type("z.pair[]", "{\"(1,a)\",NULL,\"(,)\"}");
    type("z.nested", "(\"(1,\"\"a b\"\")\",\"{sad,ok}\",\"2024-01-01 00:00:00+00\")", "(,,)");
    type("z.email", "a@b", "ü@ü");
    type("z.email[]", "{a@b,NULL}");
    type("z.amounts", "{1.500,NaN}");
    type("z.\"Größe\"", "g@g");
    type("hstore", "\"a\"=>\"1\", \"b\"=>NULL, \"c d\"=>\"q\\\"\"", "");
    type("citext", "MiXed", "");
    type("citext[]", "{A,b}");
    type("ltree", "Top.Science.Astronomy", "");
  }

  private static Move move;

  @BeforeAll
  static void copies() {
    List<String> tables = new ArrayList<>();
    StringBuilder create = new StringBuilder(TYPES);
    StringBuilder fill = new StringBuilder();
    for (String extension : List.of("hstore", "citext", "ltree")) {
      create.append("create extension if not exists ").append(extension).append(" schema public;\n");
    }
    VALUES.forEach((type, values) -> {
      String table = table(type);
      tables.add(table);
      // Nulls everywhere but in a domain that refuses them.
      String finite = type.equals("interval") ? " check (isfinite(v))" : "";
      create.append("create table %s (id int primary key, v %s%s);\n".formatted(sql(table), qualified(type), finite));
      fill.append(inserts(type, 0));
    });
    move = Move.of("zoo", Limits.defaults(), tables.stream().map(Move::table).toList());
    move.onBoth(create.toString()).onMonolith(fill.toString());
    move.start().awaitPhase(Phase.IN_SYNC);
  }

  static String qualified(String type) {
    return type.matches("(hstore|citext|ltree).*") ? "public." + type : type;
  }

  private static String table(String type) {
    return "z.\"of " + type.replace("\"", "") + "\"";
  }

  private static String sql(String table) {
    return table;
  }

  private static String inserts(String type, int from) {
    StringBuilder inserts = new StringBuilder();
    int id = from;
    for (String value : VALUES.get(type)) {
      inserts.append("insert into %s values (%d, %s);\n".formatted(table(type), id++, Sql.literal(value)));
    }
    return inserts.toString();
  }

  @AfterAll
  static void ends() throws Exception {
    move.close();
  }

  private static void assertSame() {
    Map<String, Object> outcome = move.ask(Kind.VERIFY).outcome();
    for (String type : VALUES.keySet()) {
      String rows = "select format('%s', t) from " + table(type) + " t order by id";
      assertThat(move.serviceRows(rows)).as(type).isEqualTo(move.monolithRows(rows)).isNotEmpty();
    }
    List<?> tables = (List<?>) outcome.getOrDefault("tables", List.of(outcome));
    assertThat(tables.stream().filter(table -> !table.toString().contains("different=0, missing=0, extra=0"))).isEmpty();
    assertThat(outcome.get("equal")).isEqualTo(true);
  }

  @Test
  @Order(1)
  void copiesEveryValue() {
    assertSame();
  }

  @Test
  @Order(2)
  void streamsEveryValue() {
    move.onMonolith(changes());
    assertSame();
  }

  @Test
  @Order(3)
  void streamsEveryValueBack() {
    assertThat(move.ask(Kind.SWITCH_WRITES).outcome()).containsEntry("owner", "service");
    String back = changes();
    move.onService(back.replace("100000", "200000"));
    assertSame();
    assertThat(move.ask(Kind.ROLLBACK).outcome()).containsEntry("owner", "monolith");
    assertSame();
  }

  /** Rows inserted, changed to each other value and to none and back, and deleted. */
  private static String changes() {
    StringBuilder changes = new StringBuilder();
    VALUES.forEach((type, values) -> {
      String table = table(type);
      boolean nullable = !type.contains("Größe");
      changes.append("delete from %s where id >= 1000;\n".formatted(table));
      changes.append(inserts(type, 1000));
      for (int i = 0; i < values.size(); i++) {
        changes.append("update %s set v = %s where id = %d;\n".formatted(table, Sql.literal(values.get(i)), (i + 1) % values.size()));
      }
      if (nullable) {
        changes.append("insert into %s values (100000, null) on conflict (id) do update set v = null;\n".formatted(table));
        changes.append("update %s set v = %s where id = 100000;\n".formatted(table, Sql.literal(values.get(0))));
        changes.append("update %s set v = null where id = 100000;\n".formatted(table));
      }
      changes.append("delete from %s where id = 1000;\n".formatted(table));
    });
    return changes.toString();
  }
}
