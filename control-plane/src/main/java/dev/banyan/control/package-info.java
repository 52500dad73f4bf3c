/** The control plane: the state of an extraction, its journal and its routes, kept in PostgreSQL. */
@NullMarked
package dev.banyan.control;

import org.jspecify.annotations.NullMarked;
