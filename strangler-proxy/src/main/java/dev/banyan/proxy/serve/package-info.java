/** The data path: takes each request from its client to its origin and the answer back, on event loops only. */
@NullMarked
package dev.banyan.proxy.serve;

import org.jspecify.annotations.NullMarked;
