/** The model: every way in which a switch can be broken off, tried on the steps that the mover runs. */
@NullMarked
package dev.banyan.move.cutover.protocol;

import org.jspecify.annotations.NullMarked;
