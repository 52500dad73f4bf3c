/** The load: writers that know what was acknowledged, readers, and what they measured. */
@NullMarked
package dev.banyan.demo.load;

import org.jspecify.annotations.NullMarked;
