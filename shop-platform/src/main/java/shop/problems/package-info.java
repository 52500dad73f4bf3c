/** What every module answers when it cannot fulfil a request: problem details, RFC 9457. */
@ApplicationModule(displayName = "Problems")
@NullMarked
package shop.problems;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
