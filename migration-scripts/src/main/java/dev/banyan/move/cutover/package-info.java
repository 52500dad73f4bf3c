/** The cutover: fence, slots, sequences, and the switch of ownership from one side to the other. */
@NullMarked
package dev.banyan.move.cutover;

import org.jspecify.annotations.NullMarked;
