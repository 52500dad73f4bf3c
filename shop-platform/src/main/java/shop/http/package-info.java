/** What HTTP asks of every resource: preconditions, bodies of a bounded size, and problem details also from the container. */
@ApplicationModule(displayName = "HTTP", allowedDependencies = "problems")
@NullMarked
package shop.http;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
