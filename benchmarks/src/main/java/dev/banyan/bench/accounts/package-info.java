/** A service of accounts with nothing in it but HTTP and SQL: what a switch is measured in front of, beside the shop. */
@NullMarked
package dev.banyan.bench.accounts;

import org.jspecify.annotations.NullMarked;
