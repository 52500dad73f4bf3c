/** The strangler proxy: its command, its settings and the process that joins its parts. */
@NullMarked
package dev.banyan.proxy;

import org.jspecify.annotations.NullMarked;
