package dev.banyan.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import dev.banyan.rules.bytecode.ClassTexts;
import dev.banyan.rules.bytecode.Mapping;
import dev.banyan.rules.bytecode.Text;
import dev.banyan.rules.sql.Access;
import dev.banyan.rules.sql.SqlReader;
import dev.banyan.rules.sql.TableName;
import dev.banyan.rules.sql.TableUse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the SQL and the mappings of classes touch, for other programs than a test. */
public final class SchemaScan {

  private final SchemaOwnership ownership;
  private final List<Finding> violations = new ArrayList<>();
  private final List<Unknown> unknown = new ArrayList<>();

  private SchemaScan(SchemaOwnership ownership) {
    this.ownership = ownership;
  }

  /**
   * Scans classes, with the class files that ArchUnit imported them from.
   *
   * @throws IllegalStateException if a class has no class file any more
   */
  public static SchemaScan of(Iterable<JavaClass> classes, SchemaOwnership ownership) {
    var scan = new SchemaScan(ownership);
    classes.forEach(scan::scan);
    return scan;
  }

  /** Returns where a module touches what another one owns. */
  public List<Finding> violations() {
    return List.copyOf(violations);
  }

  /** Returns the statements whose tables are known only at run time. */
  public List<Unknown> unknown() {
    return List.copyOf(unknown);
  }

  private void scan(JavaClass javaClass) {
    ClassTexts texts = ClassTexts.of(bytes(javaClass));
    texts.texts().forEach(text -> SqlReader.read(text.value()).ifPresent(uses -> uses.forEach(use -> judge(javaClass, text, use))));
    texts.mappings().forEach(mapping -> judge(javaClass, mapping));
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

  private void judge(JavaClass javaClass, Text text, TableUse use) {
    Optional<String> module = ownership.moduleOf(javaClass.getName());
    String location = location(javaClass, text.where());
    String shown = '"' + shortened(text.value()) + '"';
    if (use.table().isUnknown()) {
      unknown.add(new Unknown(module, location, text.line(), shown, "a table's name is put in at run time"));
      return;
    }
    ownership.foreign(module, use).ifPresent(foreign -> violations.add(new Finding(module, foreign.owner(), foreign.table().toString(),
        use.access(), Finding.Kind.SQL, location, source(javaClass, text.line()), text.line(), shown)));
  }

  private void judge(JavaClass javaClass, Mapping mapping) {
    Optional<String> module = ownership.moduleOf(javaClass.getName());
    var use = new TableUse(mapping.table(), Access.REFERENCE, 0);
    ownership.foreign(module, use).ifPresent(foreign -> violations.add(new Finding(module, foreign.owner(), foreign.table().toString(),
        use.access(), Finding.Kind.MAPPING, location(javaClass, mapping.where()), source(javaClass, 0), 0,
        "@%s for %s".formatted(mapping.annotation(), mapping.table()))));
  }

  private static String location(JavaClass javaClass, String where) {
    return javaClass.getName() + ", " + where;
  }

  /** In the form of a stack trace, which frozen rules compare without the line. */
  private static String source(JavaClass javaClass, int line) {
    String file = javaClass.getSource().flatMap(source -> source.getFileName()).orElse(javaClass.getSimpleName() + ".java");
    return file + ":" + line;
  }

  static String shortened(String statement) {
    String line = statement.replace(TableName.HOLE, "…").replaceAll("\\s+", " ").strip();
    return line.length() <= 120 ? line : line.substring(0, 119) + "…";
  }
}
