package dev.banyan.rules.report;

import dev.banyan.rules.Finding;
import dev.banyan.rules.SchemaScan;
import dev.banyan.rules.Transaction;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A scan as a page that needs nothing else: who touches whom as a graph and as a matrix, what crosses the border of each module with
 * its remedy, an order in which to take modules out, and the statements that are not known.
 */
public final class HtmlPage {

  private static final String HEAD = """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><title>Who touches whose tables</title>
      <style>
        body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1d2733; }
        h1 { font-size: 1.6rem; } h2 { margin-top: 2.2rem; font-size: 1.2rem; } h3 { margin-bottom: .3rem; }
        table { border-collapse: collapse; } th, td { padding: .35rem .7rem; border: 1px solid #d5dce4; text-align: left; vertical-align: top; }
        th { background: #f2f5f8; } td.n { text-align: right; } td.hit { background: #fde8e4; font-weight: 600; }
        code { font: 13px/1.4 ui-monospace, monospace; } .quiet { color: #64748b; }
        @media (prefers-color-scheme: dark) { body { background: #14191f; color: #dbe4ee; } th { background: #1f2730; }
          th, td { border-color: #36414d; } td.hit { background: #4d2a24; } }
      </style></head><body>
      """;

  private final SchemaScan scan;
  private final StringBuilder page = new StringBuilder(HEAD);

  private HtmlPage(SchemaScan scan) {
    this.scan = scan;
  }

  /** Returns the page. */
  public static String of(SchemaScan scan) {
    var html = new HtmlPage(scan);
    html.summary();
    html.matrix();
    html.modules();
    html.unknown();
    return html.page.append("</body></html>\n").toString();
  }

  private void summary() {
    page.append("<h1>Who touches whose tables</h1><p>%d accesses cross a border. %s</p>%n".formatted(scan.violations().size(),
        escaped(scan.coverage().message())));
  }

  private void matrix() {
    if (scan.violations().isEmpty()) {
      return;
    }
    page.append("<h2>Who touches what</h2><p class=\"quiet\">Red: something is written. The thicker, the more accesses.</p>\n").append(new ModuleGraph(scan.violations()).svg());
    Map<String, Map<String, Integer>> counts = new TreeMap<>();
    TreeSet<String> owners = new TreeSet<>();
    for (Finding finding : scan.violations()) {
      counts.computeIfAbsent(module(finding), module -> new TreeMap<>()).merge(finding.owner(), 1, Integer::sum);
      owners.add(finding.owner());
    }
    page.append("<h2>Matrix</h2><table><tr><th>module touches</th>");
    owners.forEach(owner -> page.append("<th>").append(escaped(owner)).append("</th>"));
    page.append("</tr>\n");
    counts.forEach((module, row) -> {
      page.append("<tr><th>").append(escaped(module)).append("</th>");
      owners.forEach(owner -> page.append(row.containsKey(owner) ? "<td class=\"n hit\">" + row.get(owner) : "<td class=\"n quiet\">0")
          .append("</td>"));
      page.append("</tr>\n");
    });
    page.append("</table>\n");
  }

  private void modules() {
    List<Readiness> order = Readiness.of(scan);
    page.append("<h2>Readiness</h2><p>In the order in which to take modules out: always the one with the least left to do. A point is what "
        + "reading a value through an interface costs.</p><ol>\n");
    order.forEach(each -> page.append("<li>").append(escaped(each.line())).append("</li>\n"));
    page.append("</ol>\n");
    order.stream().filter(each -> !each.crossings().isEmpty()).forEach(this::module);
  }

  private void module(Readiness readiness) {
    String module = readiness.module();
    page.append("<h3>").append(escaped(module)).append("</h3><table><tr><th>crosses its border</th><th>how many</th><th>points</th><th>instead</th></tr>\n");
    readiness.crossings().forEach((crossing, count) -> page.append("<tr><td>%s</td><td class=\"n\">%d</td><td class=\"n\">%d</td><td>%s</td></tr>%n"
        .formatted(escaped(crossing.label()), count, count * crossing.effort(), escaped(crossing.remedy()))));
    page.append("</table>\n<details><summary>Each of them</summary><table><tr><th>direction</th><th>table</th><th>where</th><th>what</th><th>instead</th></tr>\n");
    Border border = Border.of(scan, module);
    border.findings().forEach(finding -> row(module, finding));
    border.transactions().forEach(this::row);
    page.append("</table></details>\n");
  }

  private void row(Transaction transaction) {
    page.append("<tr><td>over %s</td><td>%s</td><td>%s</td><td>transaction</td><td>%s</td></tr>%n".formatted(
        escaped(String.join(", ", scan.ownersOf(transaction))),
        escaped(transaction.tables().stream().map(Object::toString).sorted().collect(Collectors.joining(", "))),
        escaped(transaction.location()), escaped(Crossing.TRANSACTION.remedy())));
  }

  private void row(String module, Finding finding) {
    String direction = module(finding).equals(module) ? "touches " + finding.owner() : "touched by " + module(finding);
    page.append("<tr><td>%s</td><td>%s <code>%s</code></td><td>%s<br><span class=\"quiet\">%s</span></td><td><code>%s</code></td><td>%s</td></tr>%n"
        .formatted(escaped(direction), finding.access().verb(), escaped(finding.table()), escaped(finding.location()),
            escaped(finding.source()), escaped(finding.statement()), escaped(finding.remedy())));
  }

  private void unknown() {
    if (scan.unknown().isEmpty()) {
      return;
    }
    page.append("<h2>Not known</h2><table><tr><th>where</th><th>statement</th><th>why</th></tr>\n");
    scan.unknown().forEach(unknown -> page.append("<tr><td>%s, line %d</td><td><code>%s</code></td><td>%s</td></tr>%n".formatted(
        escaped(unknown.location()), unknown.line(), escaped(unknown.statement()), escaped(unknown.reason()))));
    page.append("</table>\n");
  }

  private static String module(Finding finding) {
    return finding.module().orElse("no module");
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
  }
}
