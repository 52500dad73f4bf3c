package dev.banyan.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import dev.banyan.rules.bytecode.ClassFile;
import dev.banyan.rules.bytecode.Constants;
import dev.banyan.rules.bytecode.Providers;
import dev.banyan.rules.bytecode.flow.StringFlow;
import dev.banyan.rules.mapping.Entity;
import dev.banyan.rules.mapping.EntityModel;
import dev.banyan.rules.resource.Resources;
import dev.banyan.rules.resource.Roots;
import dev.banyan.rules.sql.Access;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.objectweb.asm.tree.ClassNode;

/** What the SQL and the mappings of a code base touch, for other programs than a test. */
public final class SchemaScan {

  private static final Set<String> APPLICATION = Set.of("org.springframework.boot.autoconfigure.SpringBootApplication",
      "org.springframework.modulith.Modulithic");

  private final Judge judge;
  private final List<Transaction> transactions = new ArrayList<>();
  private Optional<String> applicationPackage = Optional.empty();
  private final Map<String, List<Finding>> ofClasses = new LinkedHashMap<>();
  private List<Finding> besideClasses = List.of();

  private SchemaScan(Judge judge) {
    this.judge = judge;
  }

  /**
   * Scans classes, with the class files that ArchUnit imported them from. Entities and constants are looked up among
   * these classes.
   *
   * @throws IllegalStateException if a class has no class file any more
   */
  public static SchemaScan of(Iterable<JavaClass> classes, SchemaOwnership ownership) {
    return of(classes, new Judge(ownership));
  }

  /** Scans for violations only. */
  static SchemaScan forRule(Iterable<JavaClass> classes, SchemaOwnership ownership) {
    return of(classes, new Judge(ownership, false));
  }

  /** Scans for violations only, with the files that lie beside the classes: in the folders and jars that these come from. */
  static SchemaScan forRuleWithFiles(Iterable<JavaClass> classes, SchemaOwnership ownership) {
    var scan = new SchemaScan(new Judge(ownership, false));
    List<ClassFile> files = files(classes);
    Resources resources = Resources.besideClasses(roots(classes));
    var entities = new EntityModel(files);
    var named = new NamedStatements(files, resources.texts(), RepositoryQueries.of(files, resources, entities));
    scan.classes(files, entities, named);
    int before = scan.judge.violations().size();
    new ResourceScan(resources, files, named, entities, scan.judge).run();
    scan.besideClasses = List.copyOf(scan.judge.violations().subList(before, scan.judge.violations().size()));
    return scan;
  }

  private static Path[] roots(Iterable<JavaClass> classes) {
    Set<Path> roots = new TreeSet<>();
    classes.forEach(javaClass -> javaClass.getSource().ifPresent(source -> roots.addAll(Roots.of(source.getUri(), javaClass.getName()))));
    return roots.toArray(Path[]::new);
  }

  private static SchemaScan of(Iterable<JavaClass> classes, Judge judge) {
    var scan = new SchemaScan(judge);
    List<ClassFile> files = files(classes);
    scan.classes(files, new EntityModel(files), new NamedStatements(files, List.of(), List.of()));
    return scan;
  }

  private static List<ClassFile> files(Iterable<JavaClass> classes) {
    List<ClassFile> files = new ArrayList<>();
    classes.forEach(javaClass -> {
      if (javaClass.getSource().isPresent() || !javaClass.isArray() && !javaClass.isPrimitive()) {
        files.add(ClassFile.read(bytes(javaClass)));
      }
    });
    return files;
  }

  /**
   * Scans directories of classes, jars and executable jars, with the mapper files, mappings and scripts that lie beside them. Of the
   * jars within an executable one those are read that hold a class of a module, or where nobody owns anything yet, of the
   * application's package.
   */
  public static SchemaScan of(SchemaOwnership ownership, Path... directories) {
    var scan = new SchemaScan(new Judge(ownership));
    Resources resources = Resources.below(isOfApplication(ownership, directories), directories);
    var entities = new EntityModel(resources.classes());
    var named = new NamedStatements(resources.classes(), resources.texts(), RepositoryQueries.of(resources.classes(), resources, entities));
    scan.classes(resources.classes(), entities, named);
    new ResourceScan(resources, resources.classes(), named, entities, scan.judge).run();
    scan.transactions.addAll(new TransactionScan(byName(resources.classes()), entities, scan.judge).run());
    return scan;
  }

  /** Asks a database's catalog as well; what crosses a border there is added to the violations, and what cannot be told to the unknown. */
  public void ask(DataSource database) {
    CatalogCheck catalog = CatalogCheck.of(judge.ownership(), database);
    judge.violations().addAll(catalog.violations());
    judge.unknown().addAll(catalog.unknown());
  }

  /** Returns where a module touches what another one owns. */
  public List<Finding> violations() {
    return List.copyOf(judge.violations());
  }

  /** Returns what of it stands in a class. */
  public List<Finding> violationsOf(JavaClass javaClass) {
    return ofClasses.getOrDefault(javaClass.getName(), List.of());
  }

  /** Returns what of it stands in the files beside the classes. */
  List<Finding> violationsBesideClasses() {
    return besideClasses;
  }

  /** Returns every table that is touched, with the place that does it, whoever owns it. */
  public List<Touch> touches() {
    return List.copyOf(judge.touches());
  }

  /** Returns the names of the classes that were read. */
  public Set<String> classNames() {
    return Set.copyOf(ofClasses.keySet());
  }

  /** Returns the package of the class that carries {@code @SpringBootApplication} or {@code @Modulithic}. */
  public Optional<String> applicationPackage() {
    return applicationPackage;
  }

  /** Returns the names of the modules. */
  public List<String> moduleNames() {
    return judge.ownership().moduleNames();
  }

  /** Returns the module that owns what is touched. */
  public Optional<String> ownerOf(Touch touch) {
    return judge.ownership().ownerOf(judge.ownership().moduleOf(touch.unit()), touch.table());
  }

  /** Returns the modules whose tables a transaction touches. */
  public Set<String> ownersOf(Transaction transaction) {
    Set<String> owners = new TreeSet<>();
    Optional<String> module = judge.ownership().moduleOf(transaction.unit());
    transaction.tables().forEach(table -> judge.ownership().ownerOf(module, table).ifPresent(owners::add));
    return owners;
  }

  /** Returns the transactions of the code base, as far as annotations tell them; none where classes were imported by ArchUnit. */
  public List<Transaction> transactions() {
    return List.copyOf(transactions);
  }

  /** Returns the statements whose tables are known only at run time. */
  public List<Unknown> unknown() {
    return List.copyOf(judge.unknown());
  }

  /** Returns how many statements were read, and how far. */
  public Coverage coverage() {
    return judge.coverage();
  }

  private void classes(List<ClassFile> files, EntityModel entities, NamedStatements named) {
    Map<String, ClassNode> byName = byName(files);
    applicationPackage = applicationPackage(files);
    entities.all().forEach(this::mapped);
    Providers providers = new Providers(files);
    StringFlow flow = new StringFlow(byName, entities.all().stream().map(entity -> entity.className().replace('.', '/')).collect(Collectors.toSet()),
        providers);
    ProvidedStatements provided = new ProvidedStatements(providers, flow, judge.ownership());
    NamedCalls statements = new NamedCalls(named, entities, judge);
    Set<String> usedElsewhere = Constants.usedByOthers(files);
    for (ClassFile file : files) {
      int before = judge.violations().size();
      var scan = new ClassScan(file, entities, statements, judge);
      scan.run(flow, usedElsewhere);
      scan.run(provided);
      ofClasses.put(file.name(), List.copyOf(judge.violations().subList(before, judge.violations().size())));
    }
  }

  private static Map<String, ClassNode> byName(List<ClassFile> files) {
    Map<String, ClassNode> byName = new LinkedHashMap<>();
    files.forEach(file -> byName.put(file.node().name, file.node()));
    return byName;
  }

  private static Predicate<String> isOfApplication(SchemaOwnership ownership, Path... directories) {
    if (!ownership.moduleNames().isEmpty()) {
      return name -> ownership.moduleOf(name).isPresent();
    }
    Optional<String> home = applicationPackage(Resources.below(name -> false, directories).classes());
    return name -> home.filter(application -> name.startsWith(application + ".")).isPresent();
  }

  private static Optional<String> applicationPackage(List<ClassFile> files) {
    return files.stream().filter(SchemaScan::isApplication).map(ClassFile::packageName).findFirst();
  }

  private static boolean isApplication(ClassFile file) {
    return file.onClass().stream().anyMatch(annotation -> APPLICATION.contains(annotation.type()));
  }

  private void mapped(Entity entity) {
    judge.touch(new Place(judge.ownership().moduleOf(entity.className()), entity.className() + ", its annotations", "", 0,
        Finding.Kind.MAPPING, "@Entity"), entity.candidates().get(entity.candidates().size() - 1), Access.REFERENCE);
  }

  private static byte[] bytes(JavaClass javaClass) {
    var source = javaClass.getSource().orElseThrow(() -> new IllegalStateException(
        "Class %s was imported without its class file; its SQL cannot be read".formatted(javaClass.getName())));
    try (InputStream stream = source.getUri().toURL().openStream()) {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("Class file " + source.getUri() + " cannot be read", e);
    }
  }
}
