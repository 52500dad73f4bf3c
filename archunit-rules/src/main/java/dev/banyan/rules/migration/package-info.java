/** The statements of SQL migrations, and the module each script belongs to. */
@NullMarked
package dev.banyan.rules.migration;

import org.jspecify.annotations.NullMarked;
