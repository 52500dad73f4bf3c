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
        a { color: inherit; } .cards a { text-decoration: none; } .cards > * { flex: 1 1 9rem; padding: .8rem 1rem; border-radius: .6rem; background: var(--soft); }
        .cards b { display: block; font-size: 1.6rem; line-height: 1.2; overflow-wrap: anywhere; }
        table { border-collapse: collapse; font-size: .93rem; } th, td { padding: .4rem .7rem; border-bottom: 1px solid var(--line); text-align: left;
          vertical-align: top; overflow-wrap: anywhere; } th { font-weight: 600; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
        .matrix td, .matrix th { border: 1px solid var(--line); white-space: nowrap; } .matrix tr:first-child th { vertical-align: bottom; }
        .matrix th span { writing-mode: vertical-rl; transform: rotate(180deg); } .matrix td { text-align: center; min-width: 2.4rem; }
        .matrix td.own { background: var(--soft); } .list { width: 100%; min-width: 46rem; } .list th { white-space: nowrap; }
        .list td:nth-child(1), .list td:nth-child(2), .list td code { overflow-wrap: break-word; } .list.each td:nth-child(-n+2) { min-width: 8.5rem; }
        .list.each td:nth-child(3) { min-width: 17rem; overflow-wrap: break-word; } details { margin: .6rem 0; } summary { cursor: pointer; }
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
    card("crossings", scan.violations().size(), "accesses cross a border");
    card("crossings", scan.violations().stream().filter(finding -> finding.access() == Access.WRITE).count(), "of them write");
    card("readiness", scan.moduleNames().size(), "modules");
    card(scan.unknown().isEmpty() ? "readiness" : "unknown", scan.unknown().size(), "statements not known");
    page.append("</div>\n");
  }

  private void card(String section, long number, String what) {
    page.append(String.format(Locale.ROOT, "<a href=\"#%s\"><b>%,d</b>%s</a>", section, number, what));
  }

  private void matrix() {
    if (scan.violations().isEmpty()) {
      page.append("<p id=\"crossings\">No module touches another one's tables.</p>\n");
      return;
    }
    page.append("<h2 id=\"crossings\">Who touches what</h2><p class=\"quiet\">On the left who touches, on the right what, below its owner. ")
        .append("<span class=\"write\">Orange</span>: something is written; grey: it is only read or referred to. The thicker, the more accesses. Point at ")
        .append("a module to see its lines alone. <code>*</code> is a schema as a whole, <code>…</code> a name that is put in at run time, <i>no module</i> ")
        .append("what the file of owners gives to nobody.</p>\n<div class=\"wide\">")
        .append(new ModuleGraph(scan.violations()).svg()).append("</div>\n");
    Map<String, Map<String, Integer>> counts = new TreeMap<>();
    TreeSet<String> owners = new TreeSet<>();
    for (Finding finding : scan.violations()) {
      counts.computeIfAbsent(module(finding), module -> new TreeMap<>()).merge(finding.owner(), 1, Integer::sum);
      owners.add(finding.owner());
    }
    page.append("<h2>Matrix</h2><p class=\"quiet\">How often each module on the left touches what the modules on top own. The darker, the more.</p>")
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
    page.append("<h2 id=\"readiness\">Readiness</h2><p>In the order in which to take modules out: always the one with the least left to do. A point is what "
        + "reading a value through an interface costs.</p><ol class=\"order\">\n");
    int most = Math.max(1, order.stream().mapToInt(Readiness::effort).max().orElse(1));
    order.forEach(each -> page.append("<li>").append(linked(each))
        .append(each.effort() == 0 ? "" : "<div class=\"bar\" style=\"width: %d%%\"></div>".formatted(100 * each.effort() / most)).append("</li>\n"));
    page.append("</ol>\n");
    order.stream().filter(each -> !each.crossings().isEmpty()).forEach(this::module);
  }

  private static String linked(Readiness readiness) {
    String name = escaped(readiness.module());
    String link = readiness.crossings().isEmpty() ? name : "<a href=\"#%s\">%s</a>".formatted(anchor(readiness.module()), name);
    return "<b>" + link + "</b>" + escaped(readiness.line()).substring(name.length());
  }

  private static String anchor(String module) {
    return "module-" + escaped(module.replaceAll("\\s", "-"));
  }

  /** A long name may go on in the next line behind each of its dots. */
  private static String broken(String name) {
    return escaped(name).replace(".", ".<wbr>");
  }

  private void module(Readiness readiness) {
    String module = readiness.module();
    page.append("<h3 id=\"").append(anchor(module)).append("\">").append(escaped(module)).append("</h3><div class=\"wide\"><table><tr><th>crosses its border</th>")
        .append("<th class=\"n\">how many</th><th class=\"n\">points</th><th>instead</th></tr>\n");
    readiness.crossings().forEach((crossing, count) -> page.append("<tr><td>%s</td><td class=\"n\">%d</td><td class=\"n\">%d</td><td>%s</td></tr>%n"
        .formatted(escaped(crossing.label()), count, count * crossing.effort(), escaped(crossing.remedy()))));
    int all = readiness.crossings().values().stream().mapToInt(Integer::intValue).sum();
    page.append("</table></div>\n<details><summary>All %d of them</summary><div class=\"wide\"><table class=\"list each\"><tr><th>direction</th>".formatted(all))
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
        .formatted(escaped(direction), finding.verb(), escaped(finding.table()), broken(finding.location()),
            escaped(finding.source()), escaped(finding.statement()), escaped(finding.remedy())));
  }

  private void unknown() {
    if (scan.unknown().isEmpty()) {
      return;
    }
    page.append("<h2 id=\"unknown\">Not known</h2><p class=\"quiet\">Of these it cannot be told which tables they mean, or whose; a person has to look.</p>"
        + "<div class=\"wide\"><table class=\"list\"><tr><th>where</th><th>statement</th><th>why</th></tr>\n");
    scan.unknown().forEach(unknown -> page.append("<tr><td>%s%s</td><td><code>%s</code></td><td>%s</td></tr>%n".formatted(
        escaped(unknown.location()), unknown.line() == 0 ? "" : ", line " + unknown.line(), escaped(unknown.statement()), escaped(unknown.reason()))));
    page.append("</table></div>\n");
  }

  private static String module(Finding finding) {
    return finding.module().orElse("no module");
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
  }
}
