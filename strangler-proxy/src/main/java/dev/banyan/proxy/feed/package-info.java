/** The line to the control tables: reads routes, tells that this proxy lives, acknowledges route versions. */
@NullMarked
package dev.banyan.proxy.feed;

import org.jspecify.annotations.NullMarked;
