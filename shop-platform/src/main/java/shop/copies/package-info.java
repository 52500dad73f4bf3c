/** Watching the copies that modules keep of each other's data: how many are stale, for how long, and what to do about it. */
@ApplicationModule(displayName = "Copies", allowedDependencies = "problems")
@NullMarked
package shop.copies;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
