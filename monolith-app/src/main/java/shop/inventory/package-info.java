/** What is for sale, and how much of it is there. */
@ApplicationModule(displayName = "Inventory", allowedDependencies = {"owner", "http", "problems", "outbox", "inbox"})
@NullMarked
package shop.inventory;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
