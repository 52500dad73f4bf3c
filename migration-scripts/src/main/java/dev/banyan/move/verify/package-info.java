/** The verification: every row compared at one position of the owner's log. */
@NullMarked
package dev.banyan.move.verify;

import org.jspecify.annotations.NullMarked;
