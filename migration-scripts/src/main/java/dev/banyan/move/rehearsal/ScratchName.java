package dev.banyan.move.rehearsal;

import dev.banyan.control.client.Owner;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one rehearsal's copies are called. Slots are a server's, not a database's, so the copies' module has a name of its
 * own: a real move of the same module on the same server never meets it.
 *
 * @param module the module that is rehearsed, shortened where its name is long
 * @param id eight hexadecimal digits, new for each rehearsal
 */
record ScratchName(String module, String id) {

  // PostgreSQL allows 63 letters; the rest of the name has 35.
  private static final int LONGEST = 28;
  private static final int ID_LENGTH = 8;

  /** Returns a name for a new rehearsal of a module. */
  static ScratchName fresh(String module) {
    return new ScratchName(shortened(module), UUID.randomUUID().toString().substring(0, ID_LENGTH));
  }

  /** Returns what all databases of a module's rehearsals are called, as a pattern of the whole name. */
  static Pattern databasesOf(String module) {
    return Pattern.compile("banyan_rehearsal_%s_([0-9a-f]{%d})_(monolith|service)".formatted(Pattern.quote(shortened(module)), ID_LENGTH));
  }

  /** Returns the name that a database of a module's rehearsal belongs to. */
  static ScratchName of(String module, Matcher database) {
    return new ScratchName(shortened(module), database.group(1));
  }

  /** Two long names that begin alike must not be taken for each other. */
  private static String shortened(String module) {
    return module.length() <= LONGEST ? module
        : "%s_%08x".formatted(module.substring(0, LONGEST - ID_LENGTH - 1), module.hashCode()).toLowerCase(Locale.ROOT);
  }

  /** Returns the name of the copy of one side. */
  String database(Owner side) {
    return "banyan_rehearsal_%s_%s_%s".formatted(module, id, side.word());
  }

  /** Returns the name of the module that moves between the copies. */
  String scratchModule() {
    return "rehearsal_" + id;
  }
}
