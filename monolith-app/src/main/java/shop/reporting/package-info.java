/** What was sold to whom: a read model of its own, built from the events of the other modules. */
@ApplicationModule(displayName = "Reporting", allowedDependencies = {"users", "orders", "payments", "inventory", "problems", "sql", "outbox", "inbox", "copies"})
@NullMarked
package shop.reporting;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
