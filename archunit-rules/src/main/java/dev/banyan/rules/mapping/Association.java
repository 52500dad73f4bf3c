package dev.banyan.rules.mapping;

import java.util.Set;

/**
 * A member, or an extended class, by which one entity reaches another.
 *
 * @param annotation the simple name of what says so
 * @param target the full name of the other class
 * @param where the member that carries it
 * @param property the name of the member in queries; empty for an extended class
 */
public record Association(String annotation, String target, String where, String property) {

  private static final Set<String> TO_MANY = Set.of("OneToMany", "ManyToMany", "ElementCollection", "MappedCollection");

  /** Tells whether it leads to any number of the others. */
  boolean isToMany() {
    return TO_MANY.contains(annotation);
  }
}
