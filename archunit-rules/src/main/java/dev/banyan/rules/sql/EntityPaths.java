package dev.banyan.rules.sql;

import java.util.Optional;

/** Where the paths of a query lead: the attributes of entities. Entities bear the names that queries use, or those of their classes. */
public interface EntityPaths {

  /** No path leads anywhere. */
  EntityPaths NONE = new EntityPaths() {

    @Override
    public Optional<Attribute> attribute(String entity, String name) {
      return Optional.empty();
    }

    @Override
    public boolean isIdentifier(String entity, String name) {
      return false;
    }
  };

  /**
   * An attribute that leads to another class.
   *
   * @param target the class
   * @param kind whether its table has to be read
   */
  record Attribute(String target, Kind kind) {}

  /** What an attribute is. */
  enum Kind {
    /** A part of the entity itself. */
    EMBEDDED,
    /** An association to one, whose key the entity's own table holds. */
    ONE,
    /** An association to many. */
    MANY
  }

  /** Returns an attribute of an entity or of a class embedded in one; nothing if it is a plain value. */
  Optional<Attribute> attribute(String entity, String name);

  /** Tells whether an attribute is the identifier, which an association holds itself. */
  boolean isIdentifier(String entity, String name);
}
