package dev.banyan.rules.draft;

import dev.banyan.rules.Finding;
import dev.banyan.rules.SchemaScan;
import dev.banyan.rules.Touch;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How the packages of a code base are laid out: the packages directly below that of the application are its modules, as
 * Spring Modulith has it.
 */
final class Layout {

  private final String base;
  private final Set<String> modules = new TreeSet<>();
  /** All classes are in one package: it is the one module. */
  private final boolean single;
  /** There are no classes, only scripts: the schemas are the modules. */
  private final boolean bySchema;

  Layout(SchemaScan scan, Set<String> schemas) {
    Set<String> packages = new TreeSet<>();
    scan.classNames().forEach(name -> packages.add(name.substring(0, Math.max(0, name.lastIndexOf('.')))));
    this.base = scan.applicationPackage().orElseGet(() -> common(packages));
    packages.forEach(each -> segment(each + ".").ifPresent(modules::add));
    this.bySchema = modules.isEmpty() && base.isEmpty() && !schemas.isEmpty();
    this.single = modules.isEmpty() && !bySchema;
    if (bySchema) {
      modules.addAll(schemas);
    } else if (single) {
      modules.add(base.substring(base.lastIndexOf('.') + 1));
    }
  }

  /** The longest package that all of them have in common. */
  private static String common(Set<String> packages) {
    String common = packages.isEmpty() ? "" : packages.iterator().next() + ".";
    for (String each : packages) {
      while (!(each + ".").startsWith(common)) {
        common = common.substring(0, common.lastIndexOf('.', common.length() - 2) + 1);
      }
    }
    return common.endsWith(".") ? common.substring(0, common.length() - 1) : common;
  }

  Set<String> modules() {
    return modules;
  }

  /** Returns the package of a module; none where there are no classes. */
  Optional<String> packageOf(String module) {
    return bySchema ? Optional.empty() : Optional.of(single ? base : base.isEmpty() ? module : base + "." + module);
  }

  Optional<String> moduleOf(Touch touch) {
    if (bySchema) {
      return touch.table().schema().filter(modules::contains);
    } else if (single) {
      return modules.stream().findFirst();
    }
    boolean file = touch.kind() == Finding.Kind.MIGRATION || touch.unit().contains("/");
    return file ? byFolder(touch.unit()) : segment(touch.unit());
  }

  private Optional<String> segment(String className) {
    String prefix = base.isEmpty() ? "" : base + ".";
    int end = className.indexOf('.', prefix.length());
    return className.startsWith(prefix) && end > 0 ? Optional.of(className.substring(prefix.length(), end)) : Optional.empty();
  }

  private Optional<String> byFolder(String path) {
    List<String> folders = List.of(path.split("/"));
    return folders.subList(0, folders.size() - 1).stream().filter(modules::contains).reduce((first, last) -> last);
  }
}
