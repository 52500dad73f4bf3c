package dev.banyan.move.mover;

import dev.banyan.move.database.Sql;
import dev.banyan.move.database.TableName;
import dev.banyan.move.plan.TablePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/**
 * What becomes of the monolith's former tables when a move is completed. They are renamed into a schema of their own, where
 * nobody finds them who still knows them by their old names, and from which they can be put back by hand.
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

  private static final String DEPENDENTS = """
      select distinct format('view %s', v.oid::regclass) from pg_depend d join pg_rewrite r on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass
        join pg_class v on v.oid = r.ev_class
      where d.refclassid = 'pg_class'::regclass and d.refobjid = any(:tables::regclass[]::oid[]) and v.oid <> d.refobjid
      union
      select format('foreign key %s of %s', quote_ident(conname), conrelid::regclass) from pg_constraint
      where contype = 'f' and confrelid = any(:tables::regclass[]::oid[]) and conrelid <> all(:tables::regclass[]::oid[]) and conparentid = 0
      order by 1""";

  private final Workspace space;

  Retirement(Workspace space) {
    this.space = space;
  }

  /** Returns the schemas that the former tables are renamed into, one for each that they are from: names may stand twice. */
  List<String> schemas() {
    return space.plan().tables().stream().map(table -> schema(table.source())).distinct().toList();
  }

  private String schema(TableName table) {
    return "banyan_retired_%s_%s".formatted(space.module(), table.schema());
  }

  /** Returns what in the monolith still depends on the former tables: views, and foreign keys of other tables. */
  List<String> dependents() {
    return space.monolith().jdbi().withHandle(handle -> {
      String[] tables = present(handle).stream().map(TableName::sql).toArray(String[]::new);
      return handle.createQuery(DEPENDENTS).bindArray("tables", String.class, (Object[]) tables).mapTo(String.class).list();
    });
  }

  /**
   * Finds out whether it can be carried out, and changes nothing.
   *
   * @throws Refused if it cannot
   */
  void rehearse(Fate fate) {
    try {
      space.monolith().jdbi().useTransaction(handle -> {
        carryOut(handle, fate);
        handle.rollback();
      });
    } catch (JdbiException e) {
      throw new Refused("complete of '%s' refused: the monolith's former tables cannot be put away: %s. Leave them where they are with --keep."
          .formatted(space.module(), Failures.message(e)));
    }
  }

  /** Carries it out in one transaction; does nothing to tables that it has been carried out on. */
  void carryOut(Fate fate) {
    space.monolith().jdbi().useTransaction(handle -> carryOut(handle, fate));
  }

  private void carryOut(Handle handle, Fate fate) {
    List<TableName> tables = fate == Fate.KEEP ? List.of() : present(handle);
    handle.execute("set local lock_timeout = '2s'");
    if (fate == Fate.DROP && !tables.isEmpty()) {
      handle.execute("drop table " + String.join(", ", tables.stream().map(TableName::sql).toList()));
    } else {
      tables.forEach(table -> {
        handle.execute("create schema if not exists " + Sql.identifier(schema(table)));
        handle.execute("alter table %s set schema %s".formatted(table.sql(), Sql.identifier(schema(table))));
      });
    }
  }

  private List<TableName> present(Handle handle) {
    List<TableName> present = new ArrayList<>();
    space.plan().tables().stream().map(TablePlan::source).filter(table -> exists(handle, table)).forEach(present::add);
    return present;
  }

  private static boolean exists(Handle handle, TableName table) {
    Optional<Boolean> found = handle.createQuery("select to_regclass(?) is not null").bind(0, table.sql()).mapTo(Boolean.class).findOne();
    return found.orElse(false);
  }
}
