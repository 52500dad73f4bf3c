package dev.banyan.cli;

import dev.banyan.move.check.Finding;
import dev.banyan.move.mover.Workspace;
import dev.banyan.rules.SchemaOwnership;
import dev.banyan.rules.SchemaScan;
import dev.banyan.rules.Transaction;
import dev.banyan.rules.report.Border;
import dev.banyan.rules.report.Crossing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What in the monolith's code and database crosses the border of the module that is to move. What the fence would refuse is an
 * obstacle; all else is a warning, for it goes on with what the tables hold until the move is completed.
 */
final class BorderCheck {

  private static final String INSIDE = "none that crosses the border";

  private final SchemaScan scan;
  private final Border border;

  private BorderCheck(SchemaScan scan, String module) {
    this.scan = scan;
    this.border = Border.of(scan, module);
  }

  static BorderCheck of(Workspace space, CodeOptions code) {
    List<String> tables = space.plan().tables().stream().map(table -> table.source().sql()).toList();
    return new BorderCheck(code.scan(space.module(), tables, space.monolith().dataSource()), space.module());
  }

  /** Returns what would end in an error once the service owns the tables. */
  List<Finding> unmet() {
    return border.findings().stream().filter(border::isBroken).map(BorderCheck::finding).toList();
  }

  /** Returns what is worth knowing before the module leaves. */
  List<Finding> warnings() {
    List<Finding> warnings = new ArrayList<>();
    border.findings().stream().filter(finding -> !border.isBroken(finding)).map(BorderCheck::finding).forEach(warnings::add);
    border.transactions().stream().map(this::finding).forEach(warnings::add);
    if (!scan.unknown().isEmpty()) {
      warnings.add(new Finding("statements that could be read", "%d of %d not, the first in %s".formatted(scan.unknown().size(),
          scan.coverage().statements(), scan.unknown().get(0).location()), "all", "Look at them: banyan rules scan lists each."));
    }
    return warnings;
  }

  /** Returns the facts, in the form in which {@code rules scan} gives them. */
  Map<String, Object> json() {
    return border.json(scan);
  }

  private static Finding finding(dev.banyan.rules.Finding finding) {
    boolean stays = SchemaOwnership.isStayingBehind(finding.owner());
    String who = finding.module().map(module -> "module '" + module + "'").orElse("code of no module");
    String where = finding.source().isEmpty() ? finding.location() : "%s (%s)".formatted(finding.location(), finding.source());
    return new Finding("%s %s %s".formatted(who, finding.verb(), finding.table()), "%s: %s".formatted(where, finding.statement()),
        INSIDE, stays ? "The table stays behind: move it as well, in the plan, or keep what the module needs of it in a table of its own."
        : finding.remedy());
  }

  private Finding finding(Transaction transaction) {
    String tables = String.join(", ", transaction.tables().stream().map(Object::toString).sorted().toList());
    return new Finding("transaction of " + transaction.location(), "touches " + tables, "tables of one module",
        "Instead: %s.".formatted(Crossing.TRANSACTION.remedy()));
  }
}
