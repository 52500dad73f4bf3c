package dev.banyan.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import dev.banyan.rules.bytecode.ClassFile;
import dev.banyan.rules.bytecode.flow.StringFlow;
import dev.banyan.rules.mapping.EntityModel;
import dev.banyan.rules.resource.Resources;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.tree.ClassNode;

/** What the SQL and the mappings of a code base touch, for other programs than a test. */
public final class SchemaScan {

  private final Judge judge;
  private final Map<String, List<Finding>> ofClasses = new LinkedHashMap<>();

  private SchemaScan(SchemaOwnership ownership) {
    this.judge = new Judge(ownership);
  }

  /**
   * Scans classes, with the class files that ArchUnit imported them from. Entities and constants are looked up among
   * these classes.
   *
   * @throws IllegalStateException if a class has no class file any more
   */
  public static SchemaScan of(Iterable<JavaClass> classes, SchemaOwnership ownership) {
    List<ClassFile> files = new ArrayList<>();
    classes.forEach(javaClass -> {
      if (javaClass.getSource().isPresent() || !javaClass.isArray() && !javaClass.isPrimitive()) {
        files.add(ClassFile.read(bytes(javaClass)));
      }
    });
    var scan = new SchemaScan(ownership);
    scan.classes(files);
    return scan;
  }

  /** Scans directories of classes, with the mapper files, mappings and scripts that lie beside them. */
  public static SchemaScan of(SchemaOwnership ownership, Path... directories) {
    var scan = new SchemaScan(ownership);
    Resources resources = Resources.below(directories);
    EntityModel entities = scan.classes(resources.classes());
    new ResourceScan(resources, entities, scan.judge).run();
    return scan;
  }

  /** Returns where a module touches what another one owns. */
  public List<Finding> violations() {
    return List.copyOf(judge.violations());
  }

  /** Returns what of it stands in a class. */
  public List<Finding> violationsOf(JavaClass javaClass) {
    return ofClasses.getOrDefault(javaClass.getName(), List.of());
  }

  /** Returns the statements whose tables are known only at run time. */
  public List<Unknown> unknown() {
    return List.copyOf(judge.unknown());
  }

  /** Returns how many statements were read, and how far. */
  public Coverage coverage() {
    return judge.coverage();
  }

  private EntityModel classes(List<ClassFile> files) {
    EntityModel entities = new EntityModel(files);
    Map<String, ClassNode> byName = new LinkedHashMap<>();
    files.forEach(file -> byName.put(file.node().name, file.node()));
    StringFlow flow = new StringFlow(byName::get);
    for (ClassFile file : files) {
      int before = judge.violations().size();
      new ClassScan(file, entities, judge).run(flow);
      ofClasses.put(file.name(), List.copyOf(judge.violations().subList(before, judge.violations().size())));
    }
    return entities;
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
