package dev.banyan.rules;

import dev.banyan.rules.bytecode.ClassFile;
import dev.banyan.rules.bytecode.Constants;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Which modules load a script: those of the classes that carry its path, or the end of it, as a constant, and of changelogs that name it. */
final class LoadedScripts {

  private final Map<String, Set<String>> modules = new LinkedHashMap<>();

  private LoadedScripts() {}

  /** Returns what is known without classes: nothing. */
  static LoadedScripts none() {
    return new LoadedScripts();
  }

  static LoadedScripts by(Collection<ClassFile> classes, SchemaOwnership ownership) {
    var loaded = new LoadedScripts();
    classes.forEach(file -> Constants.scripts(file).forEach(path -> ownership.moduleOf(file.name())
        .ifPresent(module -> loaded.add(path, module))));
    return loaded;
  }

  /** Notes that a module's changelog runs a script. */
  void add(String path, String module) {
    modules.computeIfAbsent(path, key -> new LinkedHashSet<>()).add(module);
  }

  /** A helper may put a folder in front of what a class says. */
  Set<String> modulesOf(String path) {
    Set<String> found = new LinkedHashSet<>(modules.getOrDefault(path, Set.of()));
    if (found.isEmpty()) {
      modules.forEach((end, each) -> found.addAll(path.endsWith("/" + end) ? each : Set.of()));
    }
    return found;
  }
}
