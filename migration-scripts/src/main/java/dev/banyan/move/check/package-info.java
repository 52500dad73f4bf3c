/** The check: every obstacle to a move, with its measured and allowed number and its remedy. */
@NullMarked
package dev.banyan.move.check;

import org.jspecify.annotations.NullMarked;
