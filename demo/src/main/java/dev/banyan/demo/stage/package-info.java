/** The stage: two PostgreSQL servers, the shop's processes, the proxy and the mover, on this machine. */
@NullMarked
package dev.banyan.demo.stage;

import org.jspecify.annotations.NullMarked;
