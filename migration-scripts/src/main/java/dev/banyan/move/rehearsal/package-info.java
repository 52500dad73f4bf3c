/** The rehearsal: switch and rollback, as the mover does them, against copies of both sides under the load of the real one. */
@NullMarked
package dev.banyan.move.rehearsal;

import org.jspecify.annotations.NullMarked;
