/** Events that are there if and only if the change is that they tell of, and the feed in which others read them. */
@ApplicationModule(displayName = "Outbox", allowedDependencies = {"problems", "sql"})
@NullMarked
package shop.outbox;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
