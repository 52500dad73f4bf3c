package dev.banyan.move.plan;

import dev.banyan.move.database.DatabaseAddress;
import java.net.URI;
import java.util.Optional;

/**
 * One of the two sides.
 *
 * @param url where its HTTP interface listens; empty where only data moves
 * @param database its database
 */
public record SidePlan(Optional<URI> url, DatabaseAddress database) {}
