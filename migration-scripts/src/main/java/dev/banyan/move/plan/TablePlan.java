package dev.banyan.move.plan;

import dev.banyan.move.database.TableName;
import java.util.Map;
import java.util.Optional;

/**
 * A table that moves.
 *
 * @param source its name in the monolith
 * @param target its name in the service
 * @param columns columns that get another name, or none and are left out; the others keep theirs
 * @param where condition on the monolith's rows that move, in SQL; empty for all
 * @param line where the plan names it
 */
public record TablePlan(TableName source, TableName target, Map<String, Optional<String>> columns,
    Optional<String> where, int line) {}
