package dev.banyan.move.plan;

import java.util.List;

/**
 * What moves together: one module, its tables, its routes, and what the move may cost.
 *
 * @param file the file it was read from, as the user named it
 * @param module the module's name
 * @param monolith where the module comes from
 * @param service where it goes
 * @param tables the tables, at least one
 * @param routes the routes, none where only data moves
 * @param limits what the move may cost
 */
public record Plan(String file, String module, SidePlan monolith, SidePlan service, List<TablePlan> tables,
    List<RoutePlan> routes, Limits limits) {}
