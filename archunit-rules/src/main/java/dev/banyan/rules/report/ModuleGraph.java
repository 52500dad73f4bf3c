package dev.banyan.rules.report;

import dev.banyan.rules.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The modules on a circle, with an arrow from each to those whose tables it touches: the more accesses, the thicker. */
final class ModuleGraph {

  private record Arrow(String from, String to) {}

  private record Point(double x, double y) {}

  private static final int SIZE = 420;
  private static final int RADIUS = 150;
  private static final int NODE = 44;
  private static final int THICKEST = 8;

  private final Map<String, Point> modules = new TreeMap<>();
  private final Map<String, Integer> arrows = new TreeMap<>();
  private final List<Arrow> ends = new ArrayList<>();

  ModuleGraph(List<Finding> findings) {
    TreeSet<String> names = new TreeSet<>();
    for (Finding finding : findings) {
      Arrow arrow = new Arrow(finding.module().orElse("no module"), finding.owner());
      names.addAll(List.of(arrow.from(), arrow.to()));
      if (arrows.merge(arrow.toString(), 1, Integer::sum) == 1) {
        ends.add(arrow);
      }
    }
    int index = 0;
    for (String name : names) {
      double angle = 2 * Math.PI * index++ / names.size() - Math.PI / 2;
      modules.put(name, new Point(SIZE / 2.0 + RADIUS * Math.cos(angle), SIZE / 2.0 + RADIUS * Math.sin(angle)));
    }
  }

  String svg() {
    StringBuilder svg = new StringBuilder("<svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\" aria-label=\"Modules and who touches whom\">"
        .formatted(SIZE, SIZE, SIZE)).append("<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"9\" markerHeight=\"9\" "
            + "markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0 8 4 0 8z\" fill=\"#c2410c\"/></marker></defs>\n");
    ends.forEach(arrow -> svg.append(line(arrow)));
    modules.forEach((name, point) -> svg.append(node(name, point)));
    return svg.append("</svg>\n").toString();
  }

  private String line(Arrow arrow) {
    Point from = modules.getOrDefault(arrow.from(), new Point(0, 0));
    Point to = modules.getOrDefault(arrow.to(), new Point(0, 0));
    double length = Math.max(1, Math.hypot(to.x() - from.x(), to.y() - from.y()));
    double dx = (to.x() - from.x()) / length;
    double dy = (to.y() - from.y()) / length;
    int count = arrows.getOrDefault(arrow.toString(), 0);
    // Two arrows between the same modules lie beside each other.
    return String.format(Locale.ROOT, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#c2410c\" stroke-width=\"%d\" "
        + "marker-end=\"url(#tip)\"><title>%s touches %s: %d</title></line>%n", from.x() + NODE * dx - 5 * dy, from.y() + NODE * dy
            + 5 * dx,
        to.x() - NODE * dx - 5 * dy, to.y() - NODE * dy + 5 * dx, Math.min(THICKEST, 1 + count / 3), HtmlPage.escaped(arrow.from()),
        HtmlPage.escaped(arrow.to()), count);
  }

  private static String node(String name, Point point) {
    return String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%d\" fill=\"#e7eef6\" stroke=\"#64748b\"/>"
        + "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" font-size=\"12\" fill=\"#1d2733\">%s</text>%n", point.x(), point.y(),
            NODE - 6,
        point.x(), point.y() + 4, HtmlPage.escaped(name));
  }
}
