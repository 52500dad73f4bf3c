/** Measurements of the toolkit beside what else does the same, on the same servers in one run. */
@org.jspecify.annotations.NullMarked
package dev.banyan.bench;
