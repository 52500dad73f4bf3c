package dev.banyan.rules.report;

import dev.banyan.rules.Finding;
import dev.banyan.rules.sql.Access;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The modules that touch on the left, the tables that are touched on the right, below the name of their owner: a line for each pair, the
 * more accesses, the thicker, and red where something is written.
 */
final class ModuleGraph {

  private record Line(String module, String table) {}

  /** How often, and whether it writes. */
  private record Weight(int count, boolean writes) {

    Weight and(Weight other) {
      return new Weight(count + other.count, writes || other.writes);
    }
  }

  private static final int ROW = 24;
  private static final int BETWEEN = 320;
  private static final int MARGIN = 12;
  /** Wider than nearly every letter of this size, so that no name is cut off. */
  private static final double LETTER = 8.4;
  private static final int LONGEST = 48;
  private static final int THICKEST = 8;
  private static final int MOST_TABLES = 60;

  private final Map<Line, Weight> lines = new LinkedHashMap<>();
  private final Map<String, TreeSet<String>> tables = new TreeMap<>();
  private final Map<String, Integer> left = new TreeMap<>();
  private final Map<String, Integer> right = new LinkedHashMap<>();
  private final StringBuilder svg = new StringBuilder();
  private int from;
  private int to;
  private int hidden;

  ModuleGraph(List<Finding> findings) {
    for (Finding finding : findings) {
      lines.merge(new Line(finding.module().orElse("no module"), finding.table()), new Weight(1, finding.access() == Access.WRITE), Weight::and);
      tables.computeIfAbsent(finding.owner(), owner -> new TreeSet<>()).add(finding.table());
    }
    keepTheMostTouched();
  }

  /** A legacy code base may cross at hundreds of tables; the matrix has them all. */
  private void keepTheMostTouched() {
    Map<String, Integer> counts = new TreeMap<>();
    lines.forEach((line, weight) -> counts.merge(line.table(), weight.count(), Integer::sum));
    List<String> order = new ArrayList<>(counts.keySet());
    order.sort(Comparator.comparingInt((String table) -> counts.getOrDefault(table, 0)).reversed());
    hidden = Math.max(0, order.size() - MOST_TABLES);
    List<String> kept = order.subList(0, order.size() - hidden);
    tables.values().forEach(each -> each.retainAll(kept));
    lines.keySet().removeIf(line -> !kept.contains(line.table()));
  }

  String svg() {
    int rows = tables.values().stream().mapToInt(each -> each.isEmpty() ? 0 : each.size() + 1).sum();
    int height = ROW * (rows + 1);
    place(height);
    from = MARGIN + widest(left.keySet());
    to = from + BETWEEN;
    int width = to + 2 * MARGIN + Math.max(widest(right.keySet()) + MARGIN, widest(tables.keySet()));
    svg.append("<svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\" aria-label=\"Modules and the tables of others that they touch\">%n"
        .formatted(width, height, width));
    left.forEach(this::module);
    owners();
    svg.append("</svg>\n");
    if (hidden > 0) {
      svg.append("<p class=\"quiet\">The %d most touched tables; %d more are in the lists below.</p>%n".formatted(MOST_TABLES, hidden));
    }
    return svg.toString();
  }

  private static int widest(Collection<String> names) {
    return MARGIN + (int) (LETTER * names.stream().mapToInt(name -> Math.min(LONGEST, name.length())).max().orElse(0));
  }

  private void module(String module, int y) {
    svg.append("<g class=\"m\">");
    lines.forEach((line, weight) -> {
      if (line.module().equals(module)) {
        line(line, weight);
      }
    });
    text(from - MARGIN, y, "end", "font-weight=\"600\"", module);
    svg.append("</g>\n");
  }

  private void place(int height) {
    TreeSet<String> modules = new TreeSet<>();
    lines.keySet().forEach(line -> modules.add(line.module()));
    int index = 0;
    for (String module : modules) {
      left.put(module, height * (2 * index++ + 1) / (2 * modules.size()));
    }
    int y = 0;
    for (TreeSet<String> each : tables.values()) {
      y += each.isEmpty() ? 0 : ROW;
      for (String table : each) {
        y += ROW;
        right.put(table, y);
      }
    }
  }

  private void owners() {
    tables.forEach((owner, each) -> {
      if (!each.isEmpty()) {
        text(to + MARGIN / 2, right.getOrDefault(each.first(), 0) - ROW, "start", "font-weight=\"600\"", owner);
        each.forEach(table -> text(to + 2 * MARGIN - 4, right.getOrDefault(table, 0), "start", "", table));
      }
    });
  }

  private void line(Line line, Weight weight) {
    int begin = left.getOrDefault(line.module(), 0);
    int end = right.getOrDefault(line.table(), 0);
    int middle = (from + to) / 2;
    svg.append("<path%s d=\"M%d %dC%d %d %d %d %d %d\" stroke-width=\"%d\"><title>%s touches %s: %d</title></path>%n".formatted(
        weight.writes() ? " class=\"w\"" : "", from, begin, middle, begin, middle, end, to + MARGIN, end,
        Math.min(THICKEST, 1 + weight.count() / 3), HtmlPage.escaped(line.module()), HtmlPage.escaped(line.table()), weight.count()));
  }

  private void text(int x, int y, String anchor, String style, String text) {
    svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" %s>%s</text>%n".formatted(x, y + 4, anchor,
        style, HtmlPage.escaped(shortened(text))));
  }

  private static String shortened(String name) {
    return name.length() <= LONGEST ? name : name.substring(0, LONGEST - 1) + "…";
  }
}
