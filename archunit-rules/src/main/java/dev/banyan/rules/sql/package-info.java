/** Which tables an SQL statement names, and what it does to them. */
@NullMarked
package dev.banyan.rules.sql;

import org.jspecify.annotations.NullMarked;
