package dev.banyan.rules.report;

import dev.banyan.rules.Finding;
import dev.banyan.rules.SchemaScan;
import dev.banyan.rules.Transaction;
import dev.banyan.rules.sql.Access;
import java.util.List;
import java.util.Locale;
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
      <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark"><title>Who touches whose tables</title>
      <style>
        :root { --ink: #1d2733; --quiet: #64748b; --line: #e2e8f0; --soft: #f5f7fa; --page: #fff; --read: #64748b; --write: #c2410c; --bar: #2563eb; }
        @media (prefers-color-scheme: dark) { :root { --ink: #dbe4ee; --quiet: #93a1b3; --line: #303b47; --soft: #1c242d; --page: #12171d;
          --read: #8595a8; --write: #fb8a4c; --bar: #60a5fa; } }
        * { box-sizing: border-box; }
        body { font: 15px/1.55 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1.2rem; color: var(--ink); background: var(--page); }
        h1 { font-size: 1.7rem; margin-bottom: .2rem; } h2 { margin-top: 2.6rem; font-size: 1.25rem; } h3 { margin: 1.8rem 0 .4rem; }
        .quiet { color: var(--quiet); } .write { color: var(--write); } .wide { overflow-x: auto; }
        .cards { display: flex; flex-wrap: wrap; gap: .8rem; margin: 1.2rem 0; }
        .cards div { flex: 1 1 9rem; padding: .8rem 1rem; border-radius: .6rem; background: var(--soft); }
        .cards b { display: block; font-size: 1.6rem; line-height: 1.2; overflow-wrap: anywhere; }
        table { border-collapse: collapse; font-size: .93rem; } th, td { padding: .4rem .7rem; border-bottom: 1px solid var(--line); text-align: left;
          vertical-align: top; overflow-wrap: anywhere; } th { font-weight: 600; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
        .matrix td, .matrix th { border: 1px solid var(--line); white-space: nowrap; } .matrix tr:first-child th { vertical-align: bottom; }
        .matrix th span { writing-mode: vertical-rl; transform: rotate(180deg); } .matrix td { text-align: center; min-width: 2.4rem; }
        .matrix td.own { background: var(--soft); } .list { width: 100%; min-width: 46rem; } details { margin: .6rem 0; } summary { cursor: pointer; }
        code { font: 13px/1.45 ui-monospace, monospace; } .order { list-style: none; padding: 0; counter-reset: place; }
        .order li { counter-increment: place; margin: .7rem 0; } .order li::before { content: counter(place) ". "; color: var(--quiet); }
        .bar { height: .4rem; border-radius: .2rem; background: var(--bar); margin-top: .2rem; min-width: 2px; }
        svg { display: block; max-width: 100%; min-width: 34rem; height: auto; } svg path { stroke: var(--read); fill: none; stroke-opacity: .55; } svg path.w { stroke: var(--write); stroke-opacity: .75; }
        svg:hover g.m { opacity: .12; } svg g.m:hover { opacity: 1; } svg g.m { transition: opacity .15s; } svg text { fill: currentColor; font-size: 13px; }
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
    page.append("<h1>Who touches whose tables</h1><p class=\"quiet\">%s</p>%n<div class=\"cards\">".formatted(escaped(scan.coverage().message())));
    card(scan.violations().size(), "accesses cross a border");
    card(scan.violations().stream().filter(finding -> finding.access() == Access.WRITE).count(), "of them write");
    card(scan.moduleNames().size(), "modules");
    card(scan.unknown().size(), "statements not known");
    page.append("</div>\n");
  }

  private void card(long number, String what) {
    page.append("<div><b>%,d</b>%s</div>".formatted(number, what));
  }

  private void matrix() {
    if (scan.violations().isEmpty()) {
      page.append("<p>No module touches another one's tables.</p>\n");
      return;
    }
    page.append("<h2>Who touches what</h2><p class=\"quiet\"><span class=\"write\">Orange</span>: something is written. The thicker, the more ")
        .append("accesses. Point at a module to see its lines alone.</p>\n<div class=\"wide\">")
        .append(new ModuleGraph(scan.violations()).svg()).append("</div>\n");
    Map<String, Map<String, Integer>> counts = new TreeMap<>();
    TreeSet<String> owners = new TreeSet<>();
    for (Finding finding : scan.violations()) {
      counts.computeIfAbsent(module(finding), module -> new TreeMap<>()).merge(finding.owner(), 1, Integer::sum);
      owners.add(finding.owner());
    }
    page.append("<h2>Matrix</h2><p class=\"quiet\">How often the module of a row touches tables of the one of a column.</p>")
        .append("<div class=\"wide\"><table class=\"matrix\"><tr><th></th>");
    owners.forEach(owner -> page.append("<th><span>").append(escaped(owner)).append("</span></th>"));
    page.append("</tr>\n");
    int most = counts.values().stream().flatMap(row -> row.values().stream()).mapToInt(Integer::intValue).max().orElse(1);
    counts.forEach((module, row) -> {
      page.append("<tr><th>").append(escaped(module)).append("</th>");
      owners.forEach(owner -> page.append(cell(module.equals(owner), row.getOrDefault(owner, 0), most)));
      page.append("</tr>\n");
    });
    page.append("</table></div>\n");
  }

  /** The more, the darker. */
  private static String cell(boolean own, int count, int most) {
    return own ? "<td class=\"own\"></td>" : count == 0 ? "<td class=\"quiet\">·</td>"
        : String.format(Locale.ROOT, "<td style=\"background: rgba(234, 88, 12, %.2f)\">%d</td>", 0.12 + 0.5 * count / most, count);
  }

  private void modules() {
    List<Readiness> order = Readiness.of(scan);
    page.append("<h2>Readiness</h2><p>In the order in which to take modules out: always the one with the least left to do. A point is what "
        + "reading a value through an interface costs.</p><ol class=\"order\">\n");
    int most = Math.max(1, order.stream().mapToInt(Readiness::effort).max().orElse(1));
    order.forEach(each -> page.append("<li>").append(escaped(each.line()))
        .append(each.effort() == 0 ? "" : "<div class=\"bar\" style=\"width: %d%%\"></div>".formatted(100 * each.effort() / most)).append("</li>\n"));
    page.append("</ol>\n");
    order.stream().filter(each -> !each.crossings().isEmpty()).forEach(this::module);
  }

  private void module(Readiness readiness) {
    String module = readiness.module();
    page.append("<h3>").append(escaped(module)).append("</h3><div class=\"wide\"><table><tr><th>crosses its border</th>")
        .append("<th class=\"n\">how many</th><th class=\"n\">points</th><th>instead</th></tr>\n");
    readiness.crossings().forEach((crossing, count) -> page.append("<tr><td>%s</td><td class=\"n\">%d</td><td class=\"n\">%d</td><td>%s</td></tr>%n"
        .formatted(escaped(crossing.label()), count, count * crossing.effort(), escaped(crossing.remedy()))));
    page.append("</table></div>\n<details><summary>Each of them</summary><div class=\"wide\"><table class=\"list\"><tr><th>direction</th>")
        .append("<th>table</th><th>where</th><th>what</th><th>instead</th></tr>\n");
    Border border = Border.of(scan, module);
    border.findings().forEach(finding -> row(module, finding));
    border.transactions().forEach(this::row);
    page.append("</table></div></details>\n");
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
    page.append("<h2>Not known</h2><div class=\"wide\"><table class=\"list\"><tr><th>where</th><th>statement</th><th>why</th></tr>\n");
    scan.unknown().forEach(unknown -> page.append("<tr><td>%s, line %d</td><td><code>%s</code></td><td>%s</td></tr>%n".formatted(
        escaped(unknown.location()), unknown.line(), escaped(unknown.statement()), escaped(unknown.reason()))));
    page.append("</table></div>\n");
  }

  private static String module(Finding finding) {
    return finding.module().orElse("no module");
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
  }
}
