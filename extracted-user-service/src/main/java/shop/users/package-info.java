/** Accounts and addresses with the same REST contract as in the shop, and the feed of their updates. */
@NullMarked
package shop.users;

import org.jspecify.annotations.NullMarked;
