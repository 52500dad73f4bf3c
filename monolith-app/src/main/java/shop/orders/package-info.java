/** Who ordered what; keeps the customers' names as a copy of its own. */
@ApplicationModule(displayName = "Orders", allowedDependencies = {"users", "payments", "inventory", "problems", "outbox", "inbox", "copies"})
@NullMarked
package shop.orders;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
