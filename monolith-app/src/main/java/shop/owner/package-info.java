/** Where a module is: in this process, or in the service that was extracted from here; and the way there over HTTP. */
@ApplicationModule(displayName = "Owner", allowedDependencies = {"http", "problems", "outbox", "inbox"})
@NullMarked
package shop.owner;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
