/** What reading SQL out of bytecode costs, beside ArchUnit's own import. */
@org.jspecify.annotations.NullMarked
package dev.banyan.bench.rules;
