package dev.banyan.rules;

import dev.banyan.rules.sql.TableName;
import java.time.LocalDate;

/** An access that is tolerated for a while. */
record AllowedAccess(String module, TablePattern table, String reason, LocalDate until) {

  boolean covers(String accessing, TableName name, LocalDate today) {
    return module.equals(accessing) && table.matches(name) && !today.isAfter(until);
  }
}
