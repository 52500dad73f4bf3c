/** PostgreSQL as the mover sees it: names, positions, connections, and what the catalog says about a table. */
@NullMarked
package dev.banyan.move.database;

import org.jspecify.annotations.NullMarked;
