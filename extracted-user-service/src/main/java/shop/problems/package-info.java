/** What the service answers when it cannot fulfil a request: problem details, RFC 9457. */
@NullMarked
package shop.problems;

import org.jspecify.annotations.NullMarked;
