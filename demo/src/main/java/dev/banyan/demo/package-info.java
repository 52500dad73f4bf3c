/** The demo: takes module users out of the shop, back and out again, while customers keep writing. */
@NullMarked
package dev.banyan.demo;

import org.jspecify.annotations.NullMarked;
