/** The plan: what moves together, read from YAML with every problem reported at once. */
@NullMarked
package dev.banyan.move.plan;

import org.jspecify.annotations.NullMarked;
