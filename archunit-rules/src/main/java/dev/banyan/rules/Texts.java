package dev.banyan.rules;

import dev.banyan.rules.sql.TableName;
import java.util.regex.Pattern;

/** How statements are shown. */
final class Texts {

  private static final int LONGEST = 120;

  private static final Pattern COMMENTS_IN_FRONT = Pattern.compile("\\A(?:\\s++|--[^\\n]*+(?:\\n|\\z)|/\\*.*?\\*/)++", Pattern.DOTALL);

  private Texts() {}

  static String shown(String statement) {
    return '"' + shortened(statement) + '"';
  }

  static String shortened(String statement) {
    String line = COMMENTS_IN_FRONT.matcher(statement).replaceFirst("").replace(TableName.HOLE, "…").replaceAll("\\s+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }
}
