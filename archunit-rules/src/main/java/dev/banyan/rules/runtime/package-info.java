/** What statements do at run time, where reading the code could not know it. */
@NullMarked
package dev.banyan.rules.runtime;

import org.jspecify.annotations.NullMarked;
