package dev.banyan.rules.draft;

import dev.banyan.rules.draft.Borders.Cut;
import dev.banyan.rules.draft.Borders.Group;
import java.util.Collection;
import java.util.List;

/** Proposed borders for people, in lines that fit a terminal; programs get all of it as JSON. */
final class BorderText {

  private static final int WIDEST = 100;
  private static final int MOST_LINES = 12;
  private static final String INDENT = "      ";

  private final StringBuilder text = new StringBuilder();

  private BorderText() {}

  static String of(List<Group> groups, List<Cut> cuts) {
    var text = new BorderText();
    List<Group> modules = groups.stream().filter(group -> !group.packages().isEmpty()).toList();
    text.line("%d module%s, by what is used together:".formatted(modules.size(), modules.size() == 1 ? "" : "s"));
    modules.forEach(text::group);
    text.idle(groups.stream().filter(group -> group.packages().isEmpty()).flatMap(group -> group.tables().stream()).toList());
    text.cuts(cuts);
    return text.text.toString();
  }

  private void group(Group group) {
    line("");
    line(group.name());
    line("  tables (%d)".formatted(group.tables().size()));
    wrapped(group.tables());
    line("  code (%d)".formatted(group.packages().size()));
    limited(group.packages());
  }

  private void idle(List<String> tables) {
    if (!tables.isEmpty()) {
      line("");
      line("No code goes with these tables (%d):".formatted(tables.size()));
      wrapped(tables);
    }
  }

  private void limited(Collection<String> names) {
    // A line that says "1 more" takes as much room as the one that it leaves out.
    int shown = names.size() <= MOST_LINES + 1 ? names.size() : MOST_LINES;
    names.stream().limit(shown).forEach(name -> line(INDENT + name));
    if (names.size() > shown) {
      line(INDENT + "and %d more, which --json lists".formatted(names.size() - shown));
    }
  }

  private void wrapped(Collection<String> names) {
    var current = new StringBuilder(INDENT);
    int left = names.size();
    for (String name : names) {
      String next = name + (--left > 0 ? ", " : "");
      if (current.length() > INDENT.length() && current.length() + next.strip().length() > WIDEST) {
        line(current.toString().stripTrailing());
        current = new StringBuilder(INDENT);
      }
      current.append(next);
    }
    line(current.toString().stripTrailing());
  }

  private void cuts(List<Cut> cuts) {
    line("");
    line(cuts.isEmpty() ? "Nothing is cut." : "What is cut, the dearest first:");
    for (Cut each : cuts) {
      line("  %s | %s: %d points (%d statements, %d foreign keys, %d transactions)".formatted(each.one(), each.other(), each.cost(),
          each.statements(), each.foreignKeys(), each.transactions()));
      each.places().forEach(place -> line(INDENT + place));
    }
  }

  private void line(String line) {
    text.append(line).append(System.lineSeparator());
  }
}
