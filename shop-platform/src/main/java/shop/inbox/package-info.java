/** Following other modules' events: each applied once, in the order of its aggregate, whatever breaks meanwhile. */
@ApplicationModule(displayName = "Inbox", allowedDependencies = {"problems", "sql", "outbox"})
@NullMarked
package shop.inbox;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
