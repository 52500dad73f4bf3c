/** The mover: the process that carries one extraction through its phases. */
@NullMarked
package dev.banyan.move.mover;

import org.jspecify.annotations.NullMarked;
