/** Who the customers are: accounts and addresses, here or in the service that was extracted from here. */
@ApplicationModule(displayName = "Users", allowedDependencies = {"owner", "http", "problems", "sql", "outbox", "inbox", "versions", "copies"})
@NullMarked
package shop.users;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
