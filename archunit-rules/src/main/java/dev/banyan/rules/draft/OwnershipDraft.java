package dev.banyan.rules.draft;

import dev.banyan.rules.SchemaOwnership;
import dev.banyan.rules.SchemaScan;
import dev.banyan.rules.Touch;
import dev.banyan.rules.sql.Access;
import dev.banyan.rules.sql.TableName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A first {@code schema-ownership.yml}, as the code tells it: a table belongs to the module whose name its schema has, as Spring
 * Modulith lays schemas out, or else to the one whose migrations create it, or else whose entities map it, or else that writes it most. A schema whose tables all belong to one module belongs to it.
 */
public final class OwnershipDraft {

  private static final int NAME = 100_000;
  private static final int MIGRATION = 10_000;
  private static final int MAPPING = 1_000;
  private static final int WRITE = 10;

  private final Layout layout;
  private final Collection<TableName> database;
  private final Set<TableName> said = new HashSet<>();
  private final Map<String, Map<String, Integer>> claims = new TreeMap<>();
  private final Map<String, String> owners = new TreeMap<>();
  private final StringBuilder yaml = new StringBuilder();

  private OwnershipDraft(SchemaScan scan, Collection<TableName> database) {
    this.database = List.copyOf(database);
    scan.touches().stream().map(Touch::table).filter(table -> table.schema().isPresent()).forEach(said::add);
    this.layout = new Layout(scan, schemas(scan));
    scan.touches().forEach(this::claim);
    claims.forEach((table, modules) -> strongest(modules).ifPresent(owner -> owners.put(table, owner)));
  }

  /**
   * Drafts the file.
   *
   * @param scan of the classes and, where they do not lie beside them, of the folders of migrations
   * @param database the tables that exist, where a database is at hand; it tells the schemas of names without one
   */
  public static String of(SchemaScan scan, Collection<TableName> database) {
    return new OwnershipDraft(scan, database).text();
  }

  /** Derives who owns what, for a code base that keeps no file. */
  public static SchemaOwnership derived(SchemaScan scan) {
    return SchemaOwnership.parse(of(scan, List.of()));
  }

  private Set<String> schemas(SchemaScan scan) {
    Set<String> schemas = new TreeSet<>();
    Stream.concat(scan.touches().stream().map(Touch::table).filter(TableName::isOfApplication).map(this::withSchema),
        database.stream().map(TableName::toString)).forEach(table -> schemas.add(table.substring(0, Math.max(0, table.indexOf('.')))));
    schemas.remove("");
    return schemas;
  }

  private void claim(Touch touch) {
    TableName table = touch.table();
    if (table.isOfApplication()) {
      Map<String, Integer> modules = claims.computeIfAbsent(withSchema(table), key -> new TreeMap<>());
      layout.moduleOf(touch).ifPresent(module -> modules.merge(module, weight(touch), Integer::sum));
      Optional.of(withSchema(table)).map(name -> name.substring(0, name.indexOf('.'))).filter(layout.modules()::contains).ifPresent(module -> modules.put(module, NAME));
    }
  }

  private static int weight(Touch touch) {
    boolean entity = touch.statement().startsWith("@Entity") || touch.statement().startsWith("@Table ");
    return switch (touch.kind()) {
      case MIGRATION -> touch.access() == Access.WRITE ? MIGRATION : 1;
      case MAPPING -> entity ? MAPPING : 1;
      default -> touch.access() == Access.WRITE ? WRITE : 1;
    };
  }

  /** Of a name without a schema the database tells it, or else the code, where it has one table that is called so. */
  private String withSchema(TableName name) {
    List<TableName> there = (database.isEmpty() ? said : database).stream().filter(table -> table.table().equals(name.table())).toList();
    return name.schema().isPresent() ? name.toString() : there.size() == 1 ? there.get(0).toString() : "public." + name.table();
  }

  private static Optional<String> strongest(Map<String, Integer> modules) {
    return modules.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
  }

  private String text() {
    yaml.append("# Who owns which tables, as the code tells it: by names of schemas, migrations, mappings and writes, in this order. A draft: read it.\nmodules:\n");
    layout.modules().forEach(this::module);
    comment("Nobody creates, maps or writes these", orphans());
    comment("Several modules claim these; the first one has got it", disputed());
    if (new TreeSet<>(owners.values()).size() == 1 && layout.modules().size() > 1) {
      comment("One package touches all tables: these packages are layers, not modules. `banyan rules suggest` looks for borders",
          List.copyOf(new TreeSet<>(owners.values())));
    }
    return yaml.toString();
  }

  private void module(String module) {
    List<String> schemas = new ArrayList<>();
    List<String> tables = new ArrayList<>();
    owners.forEach((table, owner) -> {
      String schema = table.substring(0, table.indexOf('.'));
      if (owner.equals(module) && isWholly(schema, module)) {
        schemas.add(schema);
      } else if (owner.equals(module)) {
        tables.add(table);
      }
    });
    List<String> keys = new ArrayList<>();
    layout.packageOf(module).ifPresent(name -> keys.add("packages: [" + name + "]"));
    list("schemas", List.copyOf(new TreeSet<>(schemas))).ifPresent(keys::add);
    list("tables", tables).ifPresent(keys::add);
    yaml.append("  ").append(quoted(module)).append(": { ").append(String.join(", ", keys)).append(" }\n");
  }

  private static Optional<String> list(String key, List<String> values) {
    return values.isEmpty() ? Optional.empty()
        : Optional.of(key + ": [" + values.stream().map(OwnershipDraft::quoted).collect(Collectors.joining(", ")) + "]");
  }

  private static String quoted(String value) {
    return value.matches("[a-z][\\w.]*") ? value : "\"" + value + "\"";
  }

  /** The schema that all use belongs to nobody as a whole. */
  private boolean isWholly(String schema, String module) {
    boolean only = owners.entrySet().stream().filter(each -> each.getKey().startsWith(schema + "."))
        .allMatch(each -> each.getValue().equals(module));
    boolean free = database.stream().map(TableName::toString).filter(table -> table.startsWith(schema + "."))
        .allMatch(owners::containsKey);
    return only && free && !schema.equals("public");
  }

  private List<String> orphans() {
    Set<String> all = new TreeSet<>(claims.keySet());
    database.forEach(table -> all.add(table.toString()));
    all.removeAll(owners.keySet());
    return List.copyOf(all);
  }

  private List<String> disputed() {
    List<String> disputed = new ArrayList<>();
    claims.forEach((table, modules) -> {
      String owner = owners.getOrDefault(table, "");
      String others = modules.entrySet().stream().filter(each -> each.getValue() >= WRITE && !each.getKey().equals(owner))
          .map(Map.Entry::getKey).collect(Collectors.joining(" and "));
      if (!others.isEmpty()) {
        disputed.add("%s (%s; %s too)".formatted(table, owner, others));
      }
    });
    return disputed;
  }

  private void comment(String what, List<String> which) {
    if (!which.isEmpty()) {
      yaml.append("# ").append(what).append(": ").append(String.join(", ", which)).append(".\n");
    }
  }
}
