package dev.banyan.move.plan;

import dev.banyan.move.database.DatabaseAddress;
import dev.banyan.move.database.TableName;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Reads a plan. Nothing is connected to; every problem of the file is reported at once. */
public final class PlanReader {

  // Slots, publications and advisory locks are named after the module; PostgreSQL allows no more in a slot's name.
  private static final Pattern MODULE = Pattern.compile("[a-z][a-z0-9_]{0,39}");
  private static final Pattern PATH = Pattern.compile("/|(/([^/*{}?#;]+|\\*|\\{[^/{}]+}))*(/\\*\\*)?");
  // The driver takes a URL's parameter for a better one than what it is given with the connection.
  private static final Pattern OWN_PARAMETER = Pattern.compile("[?&](options|ApplicationName|replication|preferQueryMode)=");
  private static final Pattern METHOD = Pattern.compile("[A-Z]{1,20}");

  private final Section.Source source;

  private PlanReader(Section.Source source) {
    this.source = source;
  }

  /**
   * Reads a plan from a file; {@code ${VARIABLE}} is taken from {@code environment}.
   *
   * @throws PlanException if it cannot be used, with every problem in it
   */
  public static Plan read(Path file, Map<String, String> environment) {
    try {
      return read(file.toString(), Files.readString(file), environment);
    } catch (IOException e) {
      throw new PlanException(List.of(new Problem(file.toString(), 0, "the plan cannot be read: " + e)));
    }
  }

  static Plan read(String file, String yaml, Map<String, String> environment) {
    Section.Source source = new Section.Source(file, environment, new ArrayList<>());
    Plan plan = new PlanReader(source).plan(file, root(source, yaml));
    if (!source.problems().isEmpty()) {
      throw new PlanException(source.problems());
    }
    return plan;
  }

  private static Section root(Section.Source source, String yaml) {
    try {
      Node node = new Yaml(new LoaderOptions()).compose(new StringReader(yaml));
      if (node == null) {
        throw new PlanException(List.of(new Problem(source.file(), 0, "the plan is empty")));
      }
      return Section.of(source, "", node);
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      throw new PlanException(List.of(new Problem(source.file(), line, "not YAML: " + e.getProblem())));
    }
  }

  private Plan plan(String file, Section root) {
    Plan plan = new Plan(file, module(root), side(root.section("monolith")), side(root.section("service")),
        tables(root), routes(root), limits(root));
    root.refuseUnknown();
    requireDistinctTables(plan.tables());
    requireDistinctRoutes(plan.routes());
    requireUrls(plan, root);
    return plan;
  }

  private String module(Section root) {
    String module = root.text("module");
    if (!module.isEmpty() && !MODULE.matcher(module).matches()) {
      source.report(root.lineOf("module"),
          "module '%s': use small letters, digits and underscores, 40 at most, a letter first".formatted(module));
    }
    return module;
  }

  private SidePlan side(Section section) {
    Optional<URI> url = section.parsed("url", PlanReader::origin);
    Section database = section.section("database");
    DatabaseAddress address = new DatabaseAddress(database.parsed("url", PlanReader::jdbcUrl).orElse(""),
        database.text("user"), database.optionalText("password").orElse(""));
    if (!database.keys().contains("url")) {
      database.text("url");
    }
    database.refuseUnknown();
    section.refuseUnknown();
    return new SidePlan(url, address);
  }

  private static URI origin(String text) {
    URI uri = URI.create(text);
    if (uri.getHost() == null || !Set.of("http", "https").contains(String.valueOf(uri.getScheme()))) {
      throw new IllegalArgumentException("'%s' is no HTTP origin; write it like http://localhost:8080".formatted(text));
    }
    return uri;
  }

  private static String jdbcUrl(String text) {
    if (!text.startsWith("jdbc:postgresql://")) {
      throw new IllegalArgumentException("write it like jdbc:postgresql://host:5432/database");
    }
    Matcher own = OWN_PARAMETER.matcher(text);
    if (own.find()) {
      throw new IllegalArgumentException("take the parameter '%s' out: the driver would prefer it to what the mover sets".formatted(own.group(1)));
    }
    return text;
  }

  private List<TablePlan> tables(Section root) {
    List<Node> nodes = root.list("tables");
    if (nodes.isEmpty()) {
      source.report(root.lineOf("tables"), "'tables' must name at least one table");
    }
    List<TablePlan> tables = new ArrayList<>();
    nodes.forEach(node -> table(root, node).ifPresent(tables::add));
    return tables;
  }

  private Optional<TablePlan> table(Section root, Node node) {
    int line = Section.lineOf(node);
    if (node instanceof ScalarNode) {
      return root.scalar("tables", node).flatMap(text -> tableName(text, line))
          .map(name -> new TablePlan(name, name, Map.of(), Optional.empty(), line));
    }
    Section section = Section.of(source, "tables", node);
    Optional<TableName> from = tableName(section.text("from"), line);
    Optional<TableName> to = section.optionalText("to").map(text -> tableName(text, line)).orElse(from);
    Map<String, Optional<String>> columns = section.optionalSection("columns").map(this::columns).orElse(Map.of());
    Optional<String> where = section.optionalText("where");
    section.refuseUnknown();
    return from.isPresent() && to.isPresent()
        ? Optional.of(new TablePlan(from.get(), to.get(), columns, where, line))
        : Optional.empty();
  }

  private Map<String, Optional<String>> columns(Section section) {
    Map<String, Optional<String>> columns = new HashMap<>();
    for (String column : section.keys()) {
      columns.put(column, section.isNull(column) ? Optional.empty() : section.optionalText(column));
    }
    section.refuseUnknown();
    return columns;
  }

  private Optional<TableName> tableName(String text, int line) {
    Optional<TableName> name = TableName.parse(text);
    if (name.isEmpty() && !text.isEmpty()) {
      source.report(line, "'%s' is no table; write it as schema.table".formatted(text));
    }
    return name;
  }

  private List<RoutePlan> routes(Section root) {
    List<RoutePlan> routes = new ArrayList<>();
    for (Node node : root.list("routes")) {
      Section section = Section.of(source, "routes", node);
      routes.add(new RoutePlan(path(section), methods(section), kind(section), section.line()));
      section.refuseUnknown();
    }
    return routes;
  }

  private String path(Section section) {
    String path = section.text("path");
    if (!path.isEmpty() && !path.startsWith("/")) {
      source.report(section.lineOf("path"), "the path '%s' must begin with a slash".formatted(path));
    } else if (!path.isEmpty() && !PATH.matcher(path).matches()) {
      source.report(section.lineOf("path"), ("the path '%s' is no pattern that proxies know: a segment is a text, * or {name},"
          + " and /** may stand at the end").formatted(path));
    }
    return path;
  }

  private List<String> methods(Section section) {
    List<String> methods = section.texts("methods");
    for (String method : methods) {
      if (!METHOD.matcher(method).matches()) {
        source.report(section.lineOf("methods"), "'%s' is no HTTP method; write it in capitals".formatted(method));
      }
    }
    return methods;
  }

  private Optional<String> kind(Section section) {
    return section.parsed("kind", text -> {
      String kind = text.toUpperCase(Locale.ROOT);
      if (!Set.of("READ", "WRITE").contains(kind)) {
        throw new IllegalArgumentException("'%s' is neither read nor write".formatted(text));
      }
      return kind;
    });
  }

  private Limits limits(Section root) {
    Map<Limit, String> texts = new HashMap<>();
    root.optionalSection("limits").ifPresent(section -> {
      for (Limit limit : Limit.values()) {
        section.optionalText(limit.key()).ifPresent(text -> check(section, limit, text, texts));
      }
      section.refuseUnknown();
    });
    return Limits.of(limit -> texts.getOrDefault(limit, limit.defaultText()));
  }

  private void check(Section section, Limit limit, String text, Map<Limit, String> texts) {
    try {
      Limits.of(other -> other == limit ? text : other.defaultText());
      texts.put(limit, text);
    } catch (IllegalArgumentException e) {
      source.report(section.lineOf(limit.key()), "'limits.%s': %s".formatted(limit.key(), e.getMessage()));
    }
  }

  private void requireDistinctTables(List<TablePlan> tables) {
    Set<TableName> sources = new HashSet<>();
    Set<TableName> targets = new HashSet<>();
    for (TablePlan table : tables) {
      if (!sources.add(table.source())) {
        source.report(table.line(), "table %s stands twice".formatted(table.source()));
      } else if (!targets.add(table.target())) {
        source.report(table.line(), "two tables would go to %s".formatted(table.target()));
      }
    }
  }

  private void requireDistinctRoutes(List<RoutePlan> routes) {
    for (int i = 0; i < routes.size(); i++) {
      RoutePlan route = routes.get(i);
      if (routes.subList(0, i).stream().anyMatch(route::claimsAlso)) {
        source.report(route.line(), "route %s is claimed twice".formatted(route.path()));
      }
    }
  }

  private void requireUrls(Plan plan, Section root) {
    if (!plan.routes().isEmpty() && (plan.monolith().url().isEmpty() || plan.service().url().isEmpty())) {
      source.report(root.lineOf("routes"), "routes need 'monolith.url' and 'service.url'");
    }
  }
}
