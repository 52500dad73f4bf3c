/** Contestants that run in turn, and the table of their medians. */
@org.jspecify.annotations.NullMarked
package dev.banyan.bench.race;
