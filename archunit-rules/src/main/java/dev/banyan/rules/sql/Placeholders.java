package dev.banyan.rules.sql;

import java.util.regex.Pattern;

/** What frameworks put into statements: values become parameters, names become holes, their markup goes. */
final class Placeholders {

  /** Hibernate's {@code {h-schema}} stands for the default schema with its dot, which is what a bare name means. */
  private static final Pattern DEFAULT_SCHEMA = Pattern.compile("\\{h-(schema|catalog|domain)}");
  /** What has none of these has no placeholder. */
  private static final String MARKS = "{<%";
  /** Spring Data puts these into the text, anywhere: {@code #{#name}}, {@code #{@bean.name}}; with a colon before it, it is a value. */
  private static final Pattern SPRING_TEXT = Pattern.compile("(?<![:?])#\\{\\s*(?:[#@]|T\\()[^}]*}");
  private static final Pattern VALUE = Pattern.compile(":?[#?]\\{[^}]*}");
  private static final Pattern NAME = Pattern.compile("\\$\\{[^}]*}|<(?!script\\b)[a-zA-Z]\\w*>(?!.*</)");
  /** Where a table belongs: {@code %PREFIX%JOB}, {@code {0}TRIGGERS}, a {@code %s} that another class puts in. */
  private static final Pattern NAME_OF_TABLE = Pattern.compile("(?i)(?<=\\b(?:from|join|into|update|table)\\s{1,9})"
      + "(?:%(?:\\d+\\$)?s|%\\w+%|\\{[\\w.]+})");
  private static final Pattern MARKUP = Pattern.compile("</?[a-zA-Z][^<>]*>");
  private static final Pattern ESCAPE = Pattern.compile("\\{\\s*(oj|d|t|ts|fn|escape)\\b");

  private Placeholders() {}

  static String replaced(String text) {
    if (text.chars().noneMatch(character -> MARKS.indexOf(character) >= 0)) {
      return text;
    }
    String sql = text;
    if (sql.contains("<script>") || sql.contains("</")) {
      sql = MARKUP.matcher(sql).replaceAll(" ").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    }
    sql = DEFAULT_SCHEMA.matcher(sql).replaceAll("");
    sql = SPRING_TEXT.matcher(sql).replaceAll(TableName.HOLE);
    sql = VALUE.matcher(sql).replaceAll("?");
    sql = NAME.matcher(sql).replaceAll(TableName.HOLE);
    sql = NAME_OF_TABLE.matcher(sql).replaceAll(TableName.HOLE);
    return ESCAPE.matcher(sql).replaceAll("{");
  }
}
