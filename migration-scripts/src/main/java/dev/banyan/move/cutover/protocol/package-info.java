/**
 * The order in which a switch does what it does, and in which it is taken back or carried forward. No database is named
 * here: the same steps run against two servers and against the model that tries every way in which they can be broken off.
 */
@NullMarked
package dev.banyan.move.cutover.protocol;

import org.jspecify.annotations.NullMarked;
