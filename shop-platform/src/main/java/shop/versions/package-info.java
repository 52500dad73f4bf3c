/** How an interface tells its clients that a version of it is on its way out. */
@ApplicationModule(displayName = "Versions")
@NullMarked
package shop.versions;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
