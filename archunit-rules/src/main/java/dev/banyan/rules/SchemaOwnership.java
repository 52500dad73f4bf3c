package dev.banyan.rules;

import dev.banyan.rules.sql.Access;
import dev.banyan.rules.sql.Reading;
import dev.banyan.rules.sql.TableName;
import dev.banyan.rules.sql.TableUse;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who owns which schemas and tables, as {@code schema-ownership.yml} says:
 *
 * <pre>{@code
 * modules:
 *   orders: { packages: [shop.orders], schemas: [orders] }
 *   users:  { packages: [shop.users], tables: [public.account, "public.address_*"], default-schema: public }
 * shared: [reference.country]          # all may read them
 * exceptions:
 *   - { module: orders, table: public.account, reason: "report, ticket 12", until: 2027-01-31 }
 * }</pre>
 *
 * <p>A name without a schema is looked up in the module's default schema; without one, it means a table that is owned
 * by name, of whichever module. A table owned by name goes before its schema. Letter case does not count. Immutable.
 */
public final class SchemaOwnership {

  /** The table of another module that an access means. */
  record Foreign(String owner, TableName table) {}

  /** A module of which certain tables leave; what else it owns stays behind. */
  private record Moving(String module, Set<TableName> tables) {

    String ownerOf(String owner, TableName table) {
      return tables.contains(table) ? module : owner.equals(module) && !table.table().equals("*") ? rest() : owner;
    }

    String rest() {
      return module + STAYS;
    }
  }

  private static final String STAYS = " (what stays behind)";

  private final List<OwnedModule> modules;
  private final List<TablePattern> shared;
  private final List<AllowedAccess> exceptions;
  private final LocalDate today;
  private final Optional<Moving> moving;

  SchemaOwnership(List<OwnedModule> modules, List<TablePattern> shared, List<AllowedAccess> exceptions, LocalDate today) {
    this(modules, shared, exceptions, today, Optional.empty());
  }

  private SchemaOwnership(List<OwnedModule> modules, List<TablePattern> shared, List<AllowedAccess> exceptions, LocalDate today,
      Optional<Moving> moving) {
    this.modules = List.copyOf(modules);
    this.shared = List.copyOf(shared);
    this.exceptions = List.copyOf(exceptions);
    this.today = today;
    this.moving = moving;
  }

  /**
   * Returns who will own what when a module leaves with these tables, each {@code schema.table}: it owns them, whoever owns
   * them now, and what else it owns now stays behind.
   *
   * @throws IllegalArgumentException if there is no such module
   */
  public SchemaOwnership moving(String module, Collection<String> tables) {
    if (!moduleNames().contains(module)) {
      throw new IllegalArgumentException("There is no module '%s' among those that own tables: %s. Give it the same name in both files."
          .formatted(module, String.join(", ", moduleNames())));
    }
    Set<TableName> names = tables.stream().map(TableName::parse).collect(Collectors.toUnmodifiableSet());
    return new SchemaOwnership(modules, shared, exceptions, today, Optional.of(new Moving(module, names)));
  }

  /** Tells whether an owner stands for what stays behind of a module that leaves. */
  public static boolean isStayingBehind(String owner) {
    return owner.endsWith(STAYS);
  }

  /**
   * Reads the ownership from a resource on the class path, or else from a file. Exceptions end with their date, as of
   * the day of this call.
   *
   * @throws IllegalArgumentException if there is neither, or it says something wrong; each problem is named with its line
   */
  public static SchemaOwnership load(String resourceOrFile) {
    try (Reader reader = open(resourceOrFile)) {
      return read(resourceOrFile, reader, LocalDate.now());
    } catch (IOException e) {
      throw new UncheckedIOException(resourceOrFile + " cannot be read", e);
    }
  }

  /**
   * Reads the ownership from a text, in the form of the file.
   *
   * @throws IllegalArgumentException if it says something wrong
   */
  public static SchemaOwnership parse(String yaml) {
    return read("the ownership", new StringReader(yaml), LocalDate.now());
  }

  /** Returns an ownership in which nobody owns anything yet. */
  public static SchemaOwnership none() {
    return new SchemaOwnership(List.of(), List.of(), List.of(), LocalDate.now());
  }

  /** Returns the names of the modules, in the order of the file. */
  public List<String> moduleNames() {
    return modules.stream().map(OwnedModule::name).toList();
  }

  List<OwnedModule> modules() {
    return modules;
  }

  List<TablePattern> shared() {
    return shared;
  }

  /** Tells whether somebody owns single tables of a schema that another one owns. */
  boolean hasTablesOfOthers(String schema) {
    return !tablesOfOthers(schema).isEmpty();
  }

  /** Returns the single tables in a schema that a module owns which does not own the schema. */
  List<TablePattern> tablesOfOthers(String schema) {
    return modules.stream().filter(module -> !module.schemas().contains(schema)).flatMap(module -> module.tables().stream())
        .filter(table -> table.schema().equals(schema)).toList();
  }

  static SchemaOwnership read(String name, Reader reader, LocalDate today) {
    return new OwnershipReader(name, today).read(reader);
  }

  private static Reader open(String name) throws IOException {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader loader = context != null ? context : SchemaOwnership.class.getClassLoader();
    InputStream resource = loader == null ? null : loader.getResourceAsStream(name);
    if (resource != null) {
      return new InputStreamReader(resource, StandardCharsets.UTF_8);
    }
    Path file = Path.of(name);
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException("'%s' is neither on the class path nor a file that can be read".formatted(name));
    }
    return Files.newBufferedReader(file);
  }

  /** Returns the module a class belongs to; of several, the one with the longest package. */
  public Optional<String> moduleOf(String className) {
    return modules.stream().filter(module -> module.closeness(className) > 0)
        .max(Comparator.comparingInt(module -> module.closeness(className))).map(OwnedModule::name);
  }

  /** Returns the module that owns a table with a schema; empty if nobody does. */
  public Optional<String> ownerOf(String schema, String table) {
    return ownerOf(TableName.of(schema, table));
  }

  /** Tells whether a table may belong to any module: by its schema, or where it has none, by its name or somebody's default schema. */
  public boolean isOwnedByAnybody(TableName table) {
    return table.schema().isEmpty() || ownerOf(table).isPresent();
  }

  /** Returns where a statement that a module sends touches what another one owns. */
  public List<Finding> crossings(String module, Reading reading, String location, String source, int line, String statement) {
    return reading.uses().stream().filter(use -> !use.table().isUnknown())
        .flatMap(use -> foreign(Optional.of(module), use).map(foreign -> new Finding(Optional.of(module), foreign.owner(),
            foreign.table(), use.access(), Finding.Kind.SQL, location, source, line, Texts.shown(statement))).stream())
        .toList();
  }

  /** Tells whether a schema belongs to the module, or as a whole to none. */
  boolean isOf(Optional<String> module, String schema) {
    Optional<String> owner = ownerOf(TableName.of(schema, "*"));
    return owner.isEmpty() || owner.equals(module);
  }

  /** Returns the module that one of the folders names. */
  Optional<String> moduleOfFolders(List<String> folders) {
    return folders.stream().filter(folder -> modules.stream().anyMatch(module -> module.name().equals(folder))).findFirst();
  }

  /** Returns the schema that a migration of the module means by a placeholder for the default one. */
  Optional<String> homeOf(String module) {
    return module(module).flatMap(m -> m.defaultSchema().or(() -> m.schemas().stream().findFirst()));
  }

  /** Returns the module whose name a role has, alone or before an underscore. */
  Optional<String> moduleOfRole(String role) {
    return modules.stream().map(OwnedModule::name).filter(name -> role.equals(name) || role.startsWith(name + "_")).findFirst();
  }

  Optional<String> defaultSchemaOf(String module) {
    return module(module).flatMap(OwnedModule::defaultSchema);
  }

  /** Tells whether anybody owns the table that the module means. */
  boolean isOwned(Optional<String> accessing, TableName table) {
    return ownerOf(accessing, table).isPresent();
  }

  /**
   * Tells whether a name without a schema may mean a table of any schema: the module has no default one, and nobody owns such a
   * table by name. Where nobody owns a schema as a whole, such a table is nobody's.
   */
  boolean mayBeAnybodys(Optional<String> accessing, TableName table) {
    return modules.stream().anyMatch(module -> !module.schemas().isEmpty()) && resolve(accessing.orElse(""), table).isEmpty();
  }

  /** Returns who owns the table that the module means. */
  Optional<String> ownerOf(Optional<String> accessing, TableName table) {
    return resolve(accessing.orElse(""), table).flatMap(this::ownerOf);
  }

  /** Returns the table that the module means, with its schema. */
  Optional<TableName> resolved(Optional<String> accessing, TableName table) {
    return resolve(accessing.orElse(""), table);
  }

  /** Tells whether a module owns tables and has neither a package nor a class here: it has left, or was never here. */
  boolean hasNoCode(String module) {
    return module(module).filter(m -> m.packages().isEmpty() && m.classes().isEmpty()).isPresent();
  }

  /** Returns whose table is meant, if the module must not touch it. */
  Optional<Foreign> foreign(Optional<String> accessing, TableUse use) {
    String module = accessing.orElse("");
    return resolve(module, use.table())
        .flatMap(name -> ownerOf(name).map(owner -> new Foreign(owner, name)))
        .filter(foreign -> !foreign.owner().equals(module))
        .filter(foreign -> !isTolerated(module, foreign.table(), use.access()));
  }

  private boolean isTolerated(String module, TableName name, Access access) {
    boolean sharedRead = access != Access.WRITE && shared.stream().anyMatch(pattern -> pattern.matches(name));
    return sharedRead || exceptions.stream().anyMatch(exception -> exception.covers(module, name, today));
  }

  private Optional<TableName> resolve(String module, TableName name) {
    if (name.schema().isPresent()) {
      return Optional.of(name);
    }
    Optional<String> defaultSchema = module(module).flatMap(OwnedModule::defaultSchema);
    return defaultSchema.map(name::in).or(() -> ownedByName(module, name));
  }

  /** The module's own table goes first: it means its own. */
  private Optional<TableName> ownedByName(String module, TableName name) {
    return modules.stream()
        .sorted(Comparator.comparing((OwnedModule m) -> !m.name().equals(module)))
        .flatMap(m -> m.tables().stream())
        .filter(pattern -> pattern.matchesTable(name.table()))
        .findFirst()
        .map(pattern -> name.in(pattern.schema()));
  }

  private Optional<String> ownerOf(TableName name) {
    Optional<String> owner = modules.stream().filter(m -> m.tables().stream().anyMatch(pattern -> pattern.matches(name))).findFirst()
        .or(() -> modules.stream().filter(m -> name.schema().filter(m.schemas()::contains).isPresent()).findFirst())
        .map(OwnedModule::name);
    return moving.isPresent() && (owner.isPresent() || moving.get().tables().contains(name))
        ? Optional.of(moving.get().ownerOf(owner.orElse(""), name)) : owner;
  }

  private Optional<OwnedModule> module(String name) {
    return modules.stream().filter(module -> module.name().equals(name)).findFirst();
  }
}
