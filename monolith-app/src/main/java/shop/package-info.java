/** The reference shop: one process, four modules, each with a schema of its own. */
@NullMarked
package shop;

import org.jspecify.annotations.NullMarked;
