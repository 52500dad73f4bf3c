/** The users of the reference shop as a service of their own. */
@NullMarked
package shop;

import org.jspecify.annotations.NullMarked;
