/** The command line: one verb a class, over the control plane and the mover. */
@NullMarked
package dev.banyan.cli;

import org.jspecify.annotations.NullMarked;
