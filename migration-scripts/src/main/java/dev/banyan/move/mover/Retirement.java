package dev.banyan.move.mover;

import dev.banyan.control.Extraction;
import dev.banyan.control.client.Owner;
import dev.banyan.move.cutover.Blockers;
import dev.banyan.move.database.Catalog;
import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableName;
import dev.banyan.move.plan.TablePlan;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.JdbiException;

/**
 * What becomes of the monolith's former tables when a move is completed. They are renamed into schemas of their own, one for
 * each that they are from, where nobody finds them who still knows them by their old names, and from which they can be put
 * back by hand.
 */
final class Retirement {

  /** What becomes of them. */
  enum Fate {
    /** They stay where they are, closed. */
    KEEP,
    /** They are renamed into the retired schema. */
    RETIRE,
    /** They are dropped. */
    DROP
  }

  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String TREE = """
      select n.nspname, c.relname
      from (select to_regclass(:root)::oid as oid union select relid::oid from pg_partition_tree(to_regclass(:root))) t
      join pg_class c on c.oid = t.oid join pg_namespace n on n.oid = c.relnamespace""";
  private static final String OUTGOING = """
      select format('alter table %s drop constraint %I', conrelid::regclass, conname) from pg_constraint
      where contype = 'f' and conparentid = 0 and confrelid not in (select to_regclass(name)::oid from unnest(:moved::text[]) name)
        and conrelid in (select to_regclass(:root)::oid union select relid::oid from pg_partition_tree(to_regclass(:root)))""";

  private final Workspace space;
  private final Consumer<String> say;

  /**
   * Creates it for one plan.
   *
   * @param say is told who is waited for
   */
  Retirement(Workspace space, Consumer<String> say) {
    this.space = space;
    this.say = say;
  }

  /** Returns the schemas that the former tables are renamed into, one for each that they are from: names may stand twice. */
  List<String> schemas() {
    return space.plan().tables().stream().map(table -> schema(table.source())).distinct().toList();
  }

  private String schema(TableName table) {
    return "banyan_retired_%s_%s".formatted(space.module(), table.schema());
  }

  /**
   * Finds out whether it can be carried out, and changes nothing.
   *
   * @throws Refused if it cannot
   */
  void rehearse(Fate fate) throws InterruptedException {
    try {
      inTransaction(handle -> {
        carryOut(handle, fate);
        handle.rollback();
      });
    } catch (JdbiException e) {
      throw new Refused("complete of '%s' refused: the monolith's former tables cannot be put away: %s%s. Leave them where they are with --keep."
          .formatted(space.module(), Failures.message(e), isForLock(e) ? ". In the way: " + inTheWay() : ""));
    }
  }

  /** Carries it out in one transaction, once in a move: by then somebody may have made tables of the same names. */
  void carryOut(Extraction completed, Fate fate) throws InterruptedException {
    inTransaction(handle -> space.control().once(handle, completed, "tables.put-away", () -> carryOut(handle, fate)));
  }

  /** Tried as often as the fence, with traffic let through in between: a long wait for a lock would stop everybody behind it. */
  private void inTransaction(HandleConsumer<RuntimeException> work) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        space.monolith().jdbi().useTransaction(work);
        return;
      } catch (JdbiException e) {
        if (attempt >= space.plan().limits().fenceAttempts() || !isForLock(e)) {
          throw e;
        }
        say.accept("The monolith's former tables are in use. In the way: %s".formatted(inTheWay()));
        Thread.sleep(200L * attempt);
      }
    }
  }

  /** Whoever it was may be gone when it is looked for. */
  private String inTheWay() {
    List<String> users = Blockers.ofAnyUse(MonolithAlone.link(space), Owner.MONOLITH).openFor(Duration.ZERO);
    return users.isEmpty() ? "somebody who is gone by now." : String.join("; ", users);
  }

  private static boolean isForLock(JdbiException e) {
    return e.getCause() instanceof SQLException cause && LOCK_NOT_AVAILABLE.equals(cause.getSQLState());
  }

  private void carryOut(Handle handle, Fate fate) {
    List<TableName> tables = fate == Fate.KEEP ? List.of() : present(handle);
    handle.execute("set local lock_timeout = " + space.plan().limits().fenceTimeout().toMillis());
    if (fate == Fate.DROP && !tables.isEmpty()) {
      handle.execute("drop table " + String.join(", ", tables.stream().map(TableName::sql).toList()));
    } else {
      // All of them before the first gets another name, by which it would no longer be known as one that moves.
      tables.forEach(table -> letGo(handle, table, tables));
      tables.forEach(table -> retire(handle, table));
    }
  }

  /** Without foreign keys to tables that stay, which a copy that stands still would hold fast. */
  private void letGo(Handle handle, TableName root, List<TableName> tables) {
    String[] moved = tables.stream().map(TableName::sql).toArray(String[]::new);
    handle.createQuery(OUTGOING).bind("root", root.sql()).bindArray("moved", String.class, (Object[]) moved).mapTo(String.class).list()
        .forEach(handle::execute);
  }

  /** With its partitions. */
  private void retire(Handle handle, TableName root) {
    List<TableName> tree = handle.createQuery(TREE).bind("root", root.sql())
        .map((row, context) -> new TableName(row.getString(1), row.getString(2))).list();
    for (TableName table : tree) {
      handle.execute("create schema if not exists " + Sql.identifier(schema(table)));
      handle.execute("alter table %s set schema %s".formatted(table.sql(), Sql.identifier(schema(table))));
    }
  }

  private List<TableName> present(Handle handle) {
    return space.plan().tables().stream().map(TablePlan::source).filter(table -> Catalog.exists(handle, table)).toList();
  }
}
