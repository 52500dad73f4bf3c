package dev.banyan.rules.report;

import dev.banyan.rules.Finding;
import dev.banyan.rules.SchemaScan;
import dev.banyan.rules.Transaction;
import dev.banyan.rules.sql.Access;
import dev.banyan.rules.sql.TableName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What crosses the border of one module, in either direction: the same facts that a scan reports for all of them.
 *
 * @param module its name
 * @param findings accesses of the module to what others own, and of others to what it owns
 * @param transactions those that touch tables of the module and of others
 */
public record Border(String module, List<Finding> findings, List<Transaction> transactions) {

  /** Copies the lists. */
  public Border {
    findings = List.copyOf(findings);
    transactions = List.copyOf(transactions);
  }

  /** Picks what concerns a module. */
  public static Border of(SchemaScan scan, String module) {
    return new Border(module, scan.violations().stream().filter(finding -> isAt(finding, module)).toList(),
        scan.transactions().stream().filter(transaction -> isOver(scan.ownersOf(transaction), module)).toList());
  }

  private static boolean isAt(Finding finding, String module) {
    return finding.owner().equals(module) || finding.module().filter(module::equals).isPresent();
  }

  private static boolean isOver(Set<String> owners, String module) {
    return owners.size() > 1 && owners.contains(module);
  }

  /**
   * Tells whether a finding ends in an error when the module's tables have left: code or functions of others that write to
   * them, which no change of a function or a type is. What reads them, reads what the tables held last.
   */
  public boolean isBroken(Finding finding) {
    boolean running = finding.kind() == Finding.Kind.SQL
        || finding.kind() == Finding.Kind.CATALOG && Crossing.of(finding, false) == Crossing.FUNCTION;
    return finding.owner().equals(module) && finding.access() == Access.WRITE && finding.name().kind() == TableName.Kind.TABLE && running;
  }

  /** Returns violations, transactions, unknown statements and coverage; {@code docs/rules.md} describes the shape. */
  public Map<String, Object> json(SchemaScan scan) {
    Map<String, Object> json = new LinkedHashMap<>(ScanReport.json(scan));
    json.put("violations", findings.stream().map(ScanReport::violation).toList());
    json.put("transactions", transactions.stream().map(transaction -> Map.of("location", transaction.location(),
        "modules", List.copyOf(scan.ownersOf(transaction)), "tables", transaction.tables().stream().map(Object::toString).sorted().toList()))
        .toList());
    return json;
  }
}
