/** Drift: what the applications on both sides tell of the copies that they declare of each other's data. */
@NullMarked
package dev.banyan.move.drift;

import org.jspecify.annotations.NullMarked;
