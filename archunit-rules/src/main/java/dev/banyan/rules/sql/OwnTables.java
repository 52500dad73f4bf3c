package dev.banyan.rules.sql;

import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The names without a schema that a text gives to tables of its own: temporary ones, which lie in no module's schema and go before all others. */
public final class OwnTables {

  private static final String NAME = "[\"`]?([\\p{L}_][\\p{L}\\p{N}_$#]*)[\"`]?(?!\\s*\\.|[\\p{L}\\p{N}_$#])";
  private static final Pattern TEMPORARY = Pattern.compile("\\b(?:(?:create|declare)\\s+(?:or\\s+replace\\s+)?(?:(?:global|local|private)\\s+)?temp(?:orary)?\\s+"
      + "(?:table|view|sequence)\\s+(?:if\\s+not\\s+exists\\s+)?|into\\s+temp(?:orary)?\\s+(?:table\\s+)?)" + NAME, Pattern.CASE_INSENSITIVE);
  private static final Pattern CREATED = Pattern.compile("\\s*+create\\s+(?:unlogged\\s+)?table\\s+(?:if\\s+not\\s+exists\\s+)?" + NAME, Pattern.CASE_INSENSITIVE);

  private OwnTables() {}

  /** Returns the temporary tables that a text makes, in lower case. */
  public static Set<String> temporaryIn(String text) {
    return text.length() < 12 ? Set.of() : names(TEMPORARY.matcher(text).results());
  }

  /** Returns the table that a statement makes for good, where it names it without a schema. */
  public static Set<String> createdBy(String statement) {
    var matcher = CREATED.matcher(statement);
    return matcher.lookingAt() ? Set.of(TableName.parse(matcher.group(1)).table()) : Set.of();
  }

  private static Set<String> names(Stream<MatchResult> found) {
    return found.map(match -> TableName.parse(match.group(1)).table()).collect(Collectors.toSet());
  }

  static boolean isOwn(TableUse use, Set<String> own) {
    return use.table().schema().isEmpty() && own.contains(use.table().table());
  }
}
