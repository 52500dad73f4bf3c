package dev.banyan.control;

import java.util.List;
import org.jdbi.v3.core.Jdbi;

/**
 * Rows that differed, with their values, on their way from the mover to whoever asked for them. They are personal data:
 * nothing is kept that nobody asked for, and nothing after it was read.
 */
public final class Differences {

  private final Jdbi monolith;

  /** Creates the access to the differences kept in a monolith's database. */
  public Differences(Jdbi monolith) {
    this.monolith = monolith;
  }

  /**
   * One row that differed.
   *
   * @param shown what differs, for people
   * @param repair the statement that makes the rows equal
   */
  public record Difference(String shown, String repair) {}

  /** Keeps one more. */
  public void add(String module, Difference difference) {
    monolith.useHandle(handle -> handle.execute("""
        insert into banyan.difference (module, number, shown, repair)
        select ?, coalesce(max(number), 0) + 1, ?, ? from banyan.difference where module = ?""",
        module, difference.shown(), difference.repair(), module));
  }

  /** Returns those behind a number, in the order in which they were found; few at a time, for rows may be large. */
  public List<Difference> after(String module, int number, int most) {
    return monolith.withHandle(handle -> handle.createQuery("""
            select shown, repair from banyan.difference where module = ? and number > ? order by number limit ?""")
        .bind(0, module).bind(1, number).bind(2, most)
        .map((row, context) -> new Difference(row.getString(1), row.getString(2))).list());
  }

  /** Forgets them. */
  public void forget(String module) {
    monolith.useHandle(handle -> handle.execute("delete from banyan.difference where module = ?", module));
  }
}
