/** What the catalog of a database says about objects that reach others. */
@NullMarked
package dev.banyan.rules.catalog;

import org.jspecify.annotations.NullMarked;
