/** What the mover is measured by: copy, stream, lag, verification, and what it costs the source. */
@org.jspecify.annotations.NullMarked
package dev.banyan.bench.mover;
