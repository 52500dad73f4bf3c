/** What clients did and were answered, and whether one database could have answered so. */
@NullMarked
package dev.banyan.move.history;

import org.jspecify.annotations.NullMarked;
