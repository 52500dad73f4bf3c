package dev.banyan.move.database;

import java.util.List;
import java.util.Set;

/**
 * A column's type as the catalog describes it.
 *
 * @param sql its name without length or scale, as SQL takes it
 * @param fullName its name with length and scale
 * @param definition what it is, all the way down, in a form that is the same on every server that has the same type,
 *     whichever schema it stands in
 * @param parts the type and all that it is built of, each before what it consists of
 * @param ambiguous whether another type can be mistaken for it by a reader that knows types by their bare names and
 *     looks into the table's own schema first
 */
public record DataType(String sql, String fullName, String definition, List<TypePart> parts, boolean ambiguous) {

  /** They have none, or one that their own input function refuses for some values, an empty one for instance. */
  private static final Set<String> WITHOUT_SOUND_BINARY_FORM = Set.of("aclitem", "int2vector", "oidvector", "tsquery", "gtsvector");

  /** Returns the type of the values below all domains. */
  public TypePart base() {
    int last = 0;
    while (parts.get(last).kind() == 'd') {
      last++;
    }
    return parts.get(last);
  }

  /**
   * Tells whether the binary forms of its values mean the same on another server: those of arrays and composites name
   * the types of what they hold by object identifiers, which differ for all types that are not built in.
   */
  public boolean isPortableInBinary() {
    return parts.stream().allMatch(DataType::isPortableInBinary);
  }

  private static boolean isPortableInBinary(TypePart part) {
    return part.isBuiltIn()
        ? !WITHOUT_SOUND_BINARY_FORM.contains(part.name())
        : part.kind() == 'd' || (part.kind() == 'e' && !isHeld(part));
  }

  private static boolean isHeld(TypePart part) {
    return part.path().stream().anyMatch(step -> !step.equals("domain"));
  }
}
