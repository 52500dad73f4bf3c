/** Which module a request belongs to, and which origin answers for that module: immutable values, no I/O. */
@NullMarked
package dev.banyan.proxy.route;

import org.jspecify.annotations.NullMarked;
