package dev.banyan.rules;

import java.util.List;
import java.util.Optional;

/** What one module has: packages, schemas, tables outside of them, and the schema of names without one. */
record OwnedModule(String name, List<String> packages, List<String> schemas, List<TablePattern> tables,
    Optional<String> defaultSchema) {

  OwnedModule {
    packages = List.copyOf(packages);
    schemas = List.copyOf(schemas);
    tables = List.copyOf(tables);
  }

  /** Returns the length of the longest package of this module that the class is in; 0 for none. */
  int closeness(String className) {
    return packages.stream().filter(p -> className.startsWith(p + ".")).mapToInt(String::length).max().orElse(0);
  }
}
