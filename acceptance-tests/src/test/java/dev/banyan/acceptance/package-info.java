/** Whole journeys of a move, over real processes and real databases, seen from outside. */
@NullMarked
package dev.banyan.acceptance;

import org.jspecify.annotations.NullMarked;
