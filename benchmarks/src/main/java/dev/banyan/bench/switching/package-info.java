/** How long customers notice a switch. */
@NullMarked
package dev.banyan.bench.switching;

import org.jspecify.annotations.NullMarked;
