package shop.users;

import org.jmolecules.ddd.annotation.ValueObject;

/**
 * A name in two parts. The whole of it is the given name, a space and the family name; or the given name alone, where
 * there is no family name.
 */
@ValueObject
record PersonName(String given, String family) {

  /** Returns the parts of a whole name, as far as a program can tell: what follows the last space is the family name. */
  static PersonName split(String whole) {
    int space = whole.lastIndexOf(' ');
    boolean parted = space >= 0 && space < whole.length() - 1;
    return parted ? new PersonName(whole.substring(0, space), whole.substring(space + 1)) : new PersonName(whole, "");
  }

  /** Returns the whole name. */
  String whole() {
    return family.isEmpty() ? given : given + " " + family;
  }
}
