/** What was paid for which order. */
@ApplicationModule(displayName = "Payments", allowedDependencies = {"problems", "outbox", "inbox"})
@NullMarked
package shop.payments;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
