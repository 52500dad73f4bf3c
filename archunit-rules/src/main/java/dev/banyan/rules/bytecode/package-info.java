/** The texts and table mappings that a compiled class carries. */
@NullMarked
package dev.banyan.rules.bytecode;

import org.jspecify.annotations.NullMarked;
