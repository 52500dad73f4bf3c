package dev.banyan.move.mover;

import dev.banyan.move.database.ObjectNames;
import dev.banyan.move.database.Sql;
import dev.banyan.move.plan.Plan;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The Flyway migration by which a monolith forgets the tables of a module that has left: behind it, a new database and the
 * one that the move was completed in have the same schema again. It drops what is empty, and what the move has left closed;
 * where it meets anything else it changes nothing and says why.
 */
public final class MovedOutMigration {

  private static final String SQL = """
      -- Module %1$s has left for a service of its own. Written by `banyan migration` for the Flyway of the monolith.
      -- Where the move was completed, the tables are put away already; in a new database the migrations before this one
      -- have just made them, and they go again. Where they hold rows that no move has taken away, this changes nothing.
      do $banyan$
      declare
        module constant text := %1$s;
        former constant text[] := array[%2$s];
        schemas constant text[] := array[%3$s];
        present text[] := '{}';
        name text;
        phase text;
        rows boolean;
        closed boolean;
      begin
        -- Rows that a policy hides are rows: an error is better than a table that seems to be empty.
        perform set_config('row_security', 'off', true);
        if to_regclass('banyan.extraction') is not null then
          execute 'select phase from banyan.extraction where module = $1' into phase using module;
        end if;
        if phase not in ('PLANNED', 'CANCELLED', 'COMPLETED') then
          raise exception 'Module %% is still being moved out of this database (phase %%). End the move first: banyan complete, or banyan cancel.',
            module, phase;
        end if;
        foreach name in array former loop
          if to_regclass(name) is not null then
            execute format('lock table %%s in access exclusive mode', name);
            execute format('select exists (select from %%s)', name) into rows;
            select phase = 'COMPLETED' and exists (
              select from pg_trigger where tgrelid = to_regclass(name) and tgname = '%4$s' and tgenabled <> 'D') into closed;
            if rows and closed is not true then
              raise exception 'Table %% has rows, and no move has taken them out of this database. Move module %% with banyan first, or see whose rows these are.',
                to_regclass(name), module;
            end if;
            present := present || name;
          end if;
        end loop;
        if present <> '{}' then
          execute 'drop table ' || array_to_string(present, ', ');
        end if;
        foreach name in array schemas loop
          begin
            execute format('drop schema if exists %%I', name);
          exception when dependent_objects_still_exist then
            raise notice 'Schema %% holds more than the tables of the module, and stays.', name;
          end;
        end loop;
      end
      $banyan$;
      """;

  private MovedOutMigration() {}

  /** Returns the migration for a plan. */
  public static String of(Plan plan) {
    return SQL.formatted(Sql.literal(plan.module()), names(plan.tables().stream().map(table -> table.source().sql())),
        names(plan.tables().stream().map(table -> table.source().schema()).filter(schema -> !schema.equals("public")).distinct()),
        ObjectNames.FENCE);
  }

  private static String names(Stream<String> names) {
    return names.map(Sql::literal).collect(Collectors.joining(", "));
  }
}
