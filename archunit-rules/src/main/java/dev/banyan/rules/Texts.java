package dev.banyan.rules;

import dev.banyan.rules.sql.TableName;

/** How statements are shown. */
final class Texts {

  private static final int LONGEST = 120;

  private Texts() {}

  static String shown(String statement) {
    return '"' + shortened(statement) + '"';
  }

  static String shortened(String statement) {
    String line = statement.replace(TableName.HOLE, "…").replaceAll("\\s+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }
}
