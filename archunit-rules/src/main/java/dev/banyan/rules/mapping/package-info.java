/** Which tables the classes of a code base are mapped to, and which entities they refer to. */
@NullMarked
package dev.banyan.rules.mapping;

import org.jspecify.annotations.NullMarked;
