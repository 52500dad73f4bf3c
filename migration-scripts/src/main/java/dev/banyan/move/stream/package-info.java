/** The stream: committed changes of the owner, applied to the other side in commit order. */
@NullMarked
package dev.banyan.move.stream;

import org.jspecify.annotations.NullMarked;
