package dev.banyan.rules;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What one module has: packages, single classes, schemas, tables outside of them, and the schema of names without one. */
record OwnedModule(String name, List<String> packages, Set<String> classes, List<String> schemas, List<TablePattern> tables,
    Optional<String> defaultSchema) {

  OwnedModule {
    packages = List.copyOf(packages);
    classes = Set.copyOf(classes);
    schemas = List.copyOf(schemas);
    tables = List.copyOf(tables);
  }

  /** Returns the length of the longest package of this module that the class is in; 0 for none. A class that is named goes first. */
  int closeness(String className) {
    return classes.contains(className) ? Integer.MAX_VALUE
        : packages.stream().filter(name -> className.startsWith(name + ".")).mapToInt(String::length).max().orElse(0);
  }
}
