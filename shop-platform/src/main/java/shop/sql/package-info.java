/** How the shop's modules write their SQL and end their transactions, on PostgreSQL and on H2. */
@ApplicationModule(displayName = "SQL")
@NullMarked
package shop.sql;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
