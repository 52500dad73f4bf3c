package dev.banyan.rules.migration;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Liquibase's formatted SQL: its comments hold statements, which are taken out of them; lines stay where they are.
 *
 * @see <a href="https://docs.liquibase.com/concepts/changelogs/sql-format.html">Liquibase, SQL changelog</a>
 */
final class FormattedSql {

  private static final Pattern MEANT = Pattern.compile("\\s*--\\s*liquibase\\s+formatted\\s+sql", Pattern.CASE_INSENSITIVE);
  private static final Pattern ROLLBACK = Pattern.compile("\\s*--\\s*rollback\\s+(?!empty\\b|changesetId:|not required)(.*)",
      Pattern.CASE_INSENSITIVE);
  private static final Pattern CHECK = Pattern.compile("\\s*--\\s*precondition-sql-check\\s+(?:expectedResult:\\S+\\s+)?(.*)",
      Pattern.CASE_INSENSITIVE);

  /** Lines stay where they are, as the mark and its end are cut out of theirs. */
  private static final Pattern ROLLBACKS = Pattern.compile("/\\*\\s*liquibase\\s+rollback\\b(?!\\s*(?:empty\\b|changesetId:|not required))(.*?)\\*/",
      Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private FormattedSql() {}

  static boolean isMeant(String text) {
    return MEANT.matcher(text).lookingAt();
  }

  static String unwrapped(String text) {
    return isMeant(text) ? ROLLBACKS.matcher(text).replaceAll(";$1;").lines().map(FormattedSql::line).collect(Collectors.joining("\n")) : text;
  }

  private static String line(String line) {
    Matcher rollback = ROLLBACK.matcher(line);
    Matcher check = CHECK.matcher(line);
    return rollback.matches() ? rollback.group(1) : check.matches() ? check.group(1) + ";" : line;
  }
}
