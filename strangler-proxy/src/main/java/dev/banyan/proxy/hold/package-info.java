/** The hold: which writes may pass, which wait, and when none is in flight any more; pure logic, no I/O. */
@NullMarked
package dev.banyan.proxy.hold;

import org.jspecify.annotations.NullMarked;
