/** The reference shop: one process, five modules, each with a schema of its own. */
@NullMarked
package shop;

import org.jspecify.annotations.NullMarked;
