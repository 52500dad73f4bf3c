/** The copy: rows of a snapshot, piped from one database into the other by binary COPY. */
@NullMarked
package dev.banyan.move.copy;

import org.jspecify.annotations.NullMarked;
