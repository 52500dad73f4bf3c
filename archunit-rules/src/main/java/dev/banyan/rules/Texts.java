package dev.banyan.rules;

import dev.banyan.rules.sql.TableName;
import java.util.regex.Pattern;

/** How statements are shown. */
final class Texts {

  private static final int LONGEST = 120;

  private static final Pattern COMMENTS_IN_FRONT = Pattern.compile("\\A(?:\\s++|--[^\\n]*+(?:\\n|\\z)|/\\*.*?\\*/)++", Pattern.DOTALL);

  /** Where one blank stands alone, nothing has to be replaced. */
  private static final Pattern SPACE = Pattern.compile("\\s{2,}|[\\s&&[^ ]]");

  private Texts() {}

  static String shown(String statement) {
    return '"' + shortened(statement) + '"';
  }

  static String shortened(String statement) {
    String bare = statement.stripLeading();
    String line = bare.startsWith("-") || bare.startsWith("/") ? COMMENTS_IN_FRONT.matcher(bare).replaceFirst("") : bare;
    line = SPACE.matcher(line.replace(TableName.HOLE, "…")).replaceAll(" ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }
}
